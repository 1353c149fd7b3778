/**
 * The number that canonical ASCII decimal stands for: digits without sign or leading zeroes, up to
 * 2^53 - 1. Undefined for any other text, such as a larger number, which could not be told apart
 * from its neighbours.
 */
export function parseDecimal(text: string): number | undefined {
  if (!/^(?:0|[1-9][0-9]{0,15})$/.test(text)) return undefined
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : undefined
}
