/** `code`: text whose order and every letter matter. `line`: the same without line breaks. `words`: prose. */
export type TextKind = 'code' | 'line' | 'words'

export interface VisibleText {
  readonly text: string
  /** Characters of the original that `text` shows, and how many it has. */
  readonly shown: number
  readonly total: number
  /** How many of the shown ones are spelled as escapes. */
  readonly escaped: number
}

/**
 * Text of somebody else, so that people read what it is: characters that cannot be seen, move others, or sit on
 * others are spelled as GoogleSQL would (`\u202E`, `\U000E0041`). At most `most` UTF-16 units of the result;
 * neither a character nor an escape is cut in two.
 */
export function visibleText(original: string, kind: TextKind, most: number): VisibleText {
  let [text, shown, escaped, previous, full] = ['', 0, 0, '', false]
  let total = 0
  for (const character of original) {
    total += 1
    const spelled = isPlain(character, previous, kind) ? character : escape(character)
    previous = character
    full ||= text.length + spelled.length > most
    if (full) continue
    text += spelled
    shown += 1
    if (spelled !== character) escaped += 1
  }
  return { text, shown, total, escaped }
}

/** Names and the like on one line; says so when it is cut. */
export function visibleLine(
  original: string,
  most: number,
  kind: 'line' | 'words' = 'line',
): string {
  const line = visibleText(original, kind, most)
  if (line.shown === line.total) return line.text
  const { text } = visibleText(original, kind, most - CUT.length)
  return text + CUT
}

/** A character as GoogleSQL spells it in a literal. */
export function escape(character: string): string {
  const code = character.codePointAt(0) ?? 0
  const hex = code.toString(16).toUpperCase()
  if (character === '\n') return '\\n'
  return code > 0xff_ff ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`
}

const CUT = '… (cut)'

/** Controls, formats, surrogates, private and unassigned ones; spaces but the usual one; fillers. */
const UNSEEN = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u
/** Marks sit on what comes before them: on a letter they belong there. */
const MARK = /\p{M}/u
const LETTER = /[\p{L}\p{M}]/u
/** Without any control character they already change the order of what is around them. */
const RIGHT_TO_LEFT =
  /[\p{sc=Hebr}\p{sc=Arab}\p{sc=Syrc}\p{sc=Thaa}\p{sc=Nkoo}\p{sc=Samr}\p{sc=Mand}\p{sc=Adlm}\p{sc=Rohg}\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u

function isPlain(character: string, previous: string, kind: TextKind): boolean {
  if (character >= ' ' && character <= '~') return true
  if (character === '\n') return kind === 'code'
  if (UNSEEN.test(character)) return false
  if (MARK.test(character)) return LETTER.test(previous)
  // In prose they are somebody's language.
  return kind === 'words' || !RIGHT_TO_LEFT.test(character)
}
