/** A document as JSON that shows in a terminal as it is: what cannot be seen, or moves other text, is escaped. */
export function plainJson(document: unknown): string {
  const json = JSON.stringify(document, undefined, 2).replaceAll(
    /[^\P{C}\n]|\p{Zl}|\p{Zp}/gu,
    (character) =>
      character
        .split('')
        .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
        .join(''),
  )
  return `${json}\n`
}
