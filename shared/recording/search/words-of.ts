/** Longest word that is found as a whole. */
const MOST_LETTERS = 128
const WORD = /[\p{L}\p{N}_$@-]+/gu
const PART = /[\p{L}\p{N}]+/gu

/**
 * The words of a text in lower case, none twice: `SELECT`, `patients`, `group_by_2`; of `acme-prod` and `patient_id` their
 * parts as well. Quotes, dots and operators end a word.
 */
export function wordsOf(text: string): readonly string[] {
  const words = new Set<string>()
  for (const [word] of text.toLowerCase().matchAll(WORD)) {
    const clean = word.replaceAll(/^[-@]+|-+$/g, '').slice(0, MOST_LETTERS)
    if (clean !== '') words.add(clean)
    for (const [part] of clean.matchAll(PART)) words.add(part)
  }
  return [...words]
}

/** The words somebody types: each has to be one of `wordsOf` the text. */
export function typedWords(text: string): readonly string[] {
  const words = [...text.toLowerCase().matchAll(WORD)].map(([word]) =>
    word.replaceAll(/^[-@]+|-+$/g, '').slice(0, MOST_LETTERS),
  )
  return [...new Set(words.filter((word) => word !== ''))]
}
