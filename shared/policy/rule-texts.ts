import { isMap, isSeq, parseDocument } from 'yaml'

/** The rules of a policy file by their ids, each as it is written; none where the text is no such file. */
export function ruleTexts(text: string): ReadonlyMap<string, string> {
  const rules = parseDocument(text, { schema: 'core', uniqueKeys: false }).get('rules')
  if (!isSeq(rules)) return new Map()
  return new Map(
    rules.items.flatMap((rule): readonly (readonly [string, string])[] => {
      if (!isMap(rule) || rule.range === undefined || rule.range === null) return []
      const id = rule.get('id')
      const [start, end] = rule.range
      return typeof id === 'string' ? [[id, dedented(text, start, end)]] : []
    }),
  )
}

/** A part of a text, its lines moved to the left as far as the first of them is in. */
function dedented(text: string, start: number, end: number): string {
  const indent = start - (text.lastIndexOf('\n', start - 1) + 1)
  return text
    .slice(start, end)
    .split('\n')
    .map((line, index) =>
      index > 0 && line.slice(0, indent).trim() === '' ? line.slice(indent) : line,
    )
    .join('\n')
    .trimEnd()
}
