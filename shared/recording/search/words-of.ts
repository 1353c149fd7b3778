/** Longest word that is found as a whole. */
const MOST_LETTERS = 128
const WORD = /[\p{L}\p{N}_$][\p{L}\p{N}_$@-]*/gu
const PART = /[\p{L}\p{N}]+/gu
const JOINT = /[_$@-]/

/**
 * The words of a text in lower case, none twice: `SELECT`, `patients`, `group_by_2`; of `acme-prod` and `patient_id` their
 * parts as well. Quotes, dots and operators end a word.
 */
export function wordsOf(text: string): readonly string[] {
  const words = new Set<string>()
  for (const word of typedWords(text)) {
    words.add(word)
    if (JOINT.test(word)) for (const part of word.match(PART) ?? []) words.add(part)
  }
  return [...words]
}

/** The words somebody types: each has to be one of `wordsOf` the text. */
export function typedWords(text: string): readonly string[] {
  const words = text.toLowerCase().match(WORD) ?? []
  return [...new Set(words.map((word) => word.replace(/[@-]+$/, '').slice(0, MOST_LETTERS)))]
}
