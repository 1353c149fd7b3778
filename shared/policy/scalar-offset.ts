import type { Scalar } from 'yaml'

/** What stands for one character of a scalar's value that is not white space, per way of writing it. */
const TOKENS = {
  PLAIN: /\S/g,
  QUOTE_SINGLE: /''|\S/g,
  QUOTE_DOUBLE: /\\(?:x[\da-f]{2}|u[\da-f]{4}|U[\da-f]{8}|[\s\S])|\S/gi,
  BLOCK_FOLDED: /\S/g,
  BLOCK_LITERAL: /\S/g,
}

/** Escapes of a double-quoted scalar that mean white space or nothing. */
const BLANK = /^\\[\s_LNPtrnvf]/

/**
 * Where in `text` the character at `offset` of a scalar's value is written.
 *
 * YAML folds, indents and quotes by adding and removing white space only, so the n-th character
 * that is none is the n-th in both. An offset at white space means the next character that is none.
 */
export function offsetInText(text: string, scalar: Scalar, offset: number): number {
  const [start = 0, end = start] = scalar.range ?? []
  const type = scalar.type
  const value = String(scalar.value)
  if (type === undefined || !isWritten(type)) return start

  const source = text.slice(start, end)
  const body = bodyOf(type, source)
  const tokens = [...source.slice(body.start, body.end).matchAll(TOKENS[type])].filter(
    ([token]) => !BLANK.test(token),
  )
  const before = value.slice(0, offset).match(/\S/g)?.length ?? 0
  const token = tokens[before]
  if (token !== undefined) return start + body.start + token.index
  const last = tokens.at(-1)
  return last === undefined ? start : start + body.start + last.index + last[0].length
}

function bodyOf(type: keyof typeof TOKENS, source: string): { start: number; end: number } {
  switch (type) {
    case 'PLAIN':
      return { start: 0, end: source.length }
    case 'QUOTE_SINGLE':
    case 'QUOTE_DOUBLE':
      return { start: 1, end: source.length - 1 }
    case 'BLOCK_FOLDED':
    case 'BLOCK_LITERAL':
      // The header (`>-`, `|2 # comment`) has a line of its own.
      return { start: source.indexOf('\n') + 1, end: source.length }
  }
}

function isWritten(type: string): type is keyof typeof TOKENS {
  return Object.hasOwn(TOKENS, type)
}
