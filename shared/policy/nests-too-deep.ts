import { Lexer, Parser } from 'yaml'

/** More than a policy could ever need: what is nested deeper than 32 levels is refused one by one later. */
const MOST_OPEN = 100

/**
 * Whether so many collections of a YAML text are open at once that nobody wrote it by hand. It stops reading there: a megabyte
 * of brackets would keep the library busy for a quarter of a minute, and anybody else waiting.
 */
export function nestsTooDeep(text: string): boolean {
  const parser = new Parser()
  for (const lexeme of new Lexer().lex(text)) {
    // What it yields is nobody's concern here; unread, it would not go on.
    for (const token of parser.next(lexeme)) void token
    if (parser.stack.length > MOST_OPEN) return true
  }
  return false
}
