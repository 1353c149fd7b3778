import { type Result, err, ok } from '../../../kernel/result.ts'
import type { Pair } from './pairs.ts'
import { parseValue } from './parse-value.ts'
import { keyNamed, searchKeys } from './search-keys.ts'

/** A word, `key:value`, or either with quotes around what holds spaces; a quote that nobody closed. */
const TOKENS =
  /(?<empty>[A-Za-z_][\w-]*:)(?=\s|$)|(?:(?<key>[A-Za-z_][\w-]*):)?(?:"(?<quoted>[^"]*)"|(?<open>")|(?<bare>[^\s"]+))/g

/**
 * One line that people write, such as `column:patients.ssn decision:deny birth_date`, as the filters of the API: words
 * without a key are words of the SQL. Or every reason why it is not understood.
 */
export function parseSearch(text: string): Result<readonly Pair[], readonly string[]> {
  const problems: string[] = []
  const pairs: Pair[] = []
  const words: string[] = []
  for (const { groups = {} } of text.matchAll(TOKENS)) {
    const { key, quoted, open, bare, empty } = groups
    const value = quoted ?? bare
    if (open !== undefined) problems.push('a quotation mark is not closed')
    else if (empty !== undefined || value === undefined || value === '')
      problems.push(`nothing follows \`${empty ?? `${key ?? ''}:`}\``)
    else if (key === undefined) words.push(value)
    else {
      const pair = parsePair(key, value, pairs)
      if (pair.ok) pairs.push(pair.value)
      else problems.push(pair.error)
    }
  }
  if (words.length > 0) pairs.push(['text', words.join(' ')])
  return problems.length === 0 ? ok(pairs) : err(problems)
}

function parsePair(key: string, value: string, before: readonly Pair[]): Result<Pair, string> {
  const known = keyNamed(key)
  if (known === undefined) return err(`nothing is called \`${key}\`; ${offer(key)}`)
  if (known.isList === undefined && before.some(([filter]) => filter === known.filter))
    return err(`\`${known.key}:\` is there twice`)
  const parsed = parseValue(known, value)
  return parsed.ok ? ok([known.filter, parsed.value]) : parsed
}

/** What somebody may have meant. */
function offer(key: string): string {
  const near = searchKeys.filter((each) => each.key.startsWith(key.slice(0, 2).toLowerCase()))
  const offered = (near.length === 0 ? searchKeys : near).map((each) => `\`${each.key}:\``)
  return `there are ${offered.join(', ')}; words of the SQL that hold a colon go into quotation marks`
}
