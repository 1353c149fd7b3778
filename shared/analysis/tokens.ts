export interface Token {
  readonly kind: 'word' | 'number' | 'quoted' | 'symbol'
  readonly text: string
}

const SPACE = /\s+/y
const COMMENT = /(?:--|#)[^\r\n]*|\/\*[^]*?(?:\*\/|$)/y
const WORD = /[\p{L}_@][\p{L}\p{N}_]*/uy
const NUMBER = /\d[\w.]*/y
const QUOTE = /(?:'''|"""|['"`])/y

/**
 * SQL cut into tokens, roughly as GoogleSQL does it: enough to count them and to recognise syntax by
 * name. It decides nothing about security; only GoogleSQL's own reading does. Takes linear time.
 */
export function* tokens(sql: string): Generator<Token> {
  for (let at = 0; at < sql.length;) {
    const skipped = match(SPACE, sql, at) ?? match(COMMENT, sql, at)
    const token = skipped === undefined ? tokenAt(sql, at) : undefined
    if (token !== undefined) yield token
    at += skipped?.length ?? token?.text.length ?? 1
  }
}

function tokenAt(sql: string, at: number): Token {
  const word = match(WORD, sql, at)
  if (word !== undefined) return { kind: 'word', text: word }
  const number = match(NUMBER, sql, at)
  if (number !== undefined) return { kind: 'number', text: number }
  const quote = match(QUOTE, sql, at)
  if (quote !== undefined)
    return { kind: 'quoted', text: sql.slice(at, endOfQuoted(sql, at, quote)) }
  return { kind: 'symbol', text: sql.startsWith('|>', at) ? '|>' : sql.charAt(at) }
}

/** Just after the closing quote; what is never closed ends with the text. */
function endOfQuoted(sql: string, at: number, quote: string): number {
  for (let end = at + quote.length; end < sql.length; end += 1) {
    // A backslash keeps the next character from closing, in raw strings too.
    if (sql[end] === '\\') end += 1
    else if (sql.startsWith(quote, end)) return end + quote.length
  }
  return sql.length
}

function match(pattern: RegExp, sql: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(sql)?.[0]
}
