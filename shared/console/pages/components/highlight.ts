import hljs from 'highlight.js/lib/core'
import json from 'highlight.js/lib/languages/json'
import sql from 'highlight.js/lib/languages/sql'
import yaml from 'highlight.js/lib/languages/yaml'

hljs.registerLanguage('sql', sql)
hljs.registerLanguage('yaml', yaml)
hljs.registerLanguage('json', json)

export type Language = 'sql' | 'yaml' | 'json'

/** Longer text is shown as it is: colouring takes time. */
const LONGEST = 100_000

/**
 * Markup of some code: spans with classes around text that highlight.js escaped. Undefined where it is too long. The
 * only markup of the console that JSX does not make.
 */
export function highlight(code: string, language: Language): string | undefined {
  if (code.length > LONGEST) return undefined
  return hljs.highlight(code, { language, ignoreIllegals: true }).value
}
