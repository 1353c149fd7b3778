import { tokens } from './tokens.ts'

/** BigQuery's own limit for the text of a query. https://cloud.google.com/bigquery/quotas */
const MAXIMUM_BYTES = 1024 * 1024
/** Names and keywords. A cross join of 100,000 tables overflows GoogleSQL's stack; 30,000 do not. */
const MAXIMUM_WORDS = 30_000
/** `+`, `.`, `[` and their kind: 30,000 in a row overflow GoogleSQL's stack, 10,000 do not. */
const MAXIMUM_OPERATORS = 10_000
/** Brackets and `CASE` in each other. GoogleSQL's formatter needs time and space quadratic in it. */
const MAXIMUM_NESTING = 200

const OPENERS = new Set(['(', '[', '{', 'CASE'])
const CLOSERS = new Set([')', ']', '}', 'END'])
const OPERATORS = /^[-+*/%|&^~<>=!.?:[]$/
const PREFIXED_BY = new Set(['(', ',', '['])
const PREFIX_OPERATORS = new Set(['NOT', '-', '+', '~'])

/**
 * What makes `sql` too large to hand to GoogleSQL, as a hint for the caller that names the limit, or
 * undefined. The parser is native code and recursive: SQL that is deep enough would end its process.
 */
export function exceededLimit(sql: string): string | undefined {
  if (Buffer.byteLength(sql) > MAXIMUM_BYTES) return `shorten it to at most ${MAXIMUM_BYTES} bytes`
  if (sql.includes('\0')) return 'remove the NUL character'
  if (!sql.isWellFormed()) return 'remove the lone surrogate: it is not valid Unicode'

  let [words, operators, nesting, angles, previous] = [0, 0, 0, 0, '']
  for (const token of tokens(sql)) {
    const text = token.kind === 'word' ? token.text.toUpperCase() : token.text
    if (token.kind === 'word') words += 1
    if (token.kind !== 'quoted') {
      if (OPENERS.has(text)) nesting += 1
      if (CLOSERS.has(text)) nesting = Math.max(0, nesting - 1)
      // `ARRAY<STRUCT<…` nests; `a < b` does not.
      if (text === '<' && /^(?:ARRAY|STRUCT|RANGE|FUNCTION)$/.test(previous)) angles += 1
      if (text === '>') angles = Math.max(0, angles - 1)
      // `(-1, -2)` has signs, not operators; but a row of signs nests.
      const sign = PREFIX_OPERATORS.has(text) && PREFIXED_BY.has(previous)
      if (!sign && (text === 'NOT' || OPERATORS.test(text))) operators += 1
    }
    if (words > MAXIMUM_WORDS) return `use at most ${MAXIMUM_WORDS} names and keywords`
    if (operators > MAXIMUM_OPERATORS) return `use at most ${MAXIMUM_OPERATORS} operators`
    if (nesting + angles > MAXIMUM_NESTING) return `nest at most ${MAXIMUM_NESTING} levels deep`
    previous = text
  }
  return undefined
}
