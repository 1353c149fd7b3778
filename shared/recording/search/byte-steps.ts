/** Powers of two up to 2^52, and 0. */
const STEPS = [0, ...Array.from({ length: 53 }, (_, exponent) => 2 ** exponent)]

/** Every step that so many bytes reach. */
export function stepsReached(bytes: number): readonly number[] {
  return STEPS.filter((step) => step <= bytes)
}

/** Every step that so many bytes stay below. */
export function stepsAbove(bytes: number): readonly number[] {
  return STEPS.filter((step) => step > bytes)
}

/** The highest step that everything of at least so many bytes reaches. */
export function stepReachedBy(minBytes: number): number {
  return stepsReached(minBytes).at(-1) ?? 0
}

/** The lowest step that everything of at most so many bytes stays below; undefined where there is none. */
export function stepAbove(maxBytes: number): number | undefined {
  return stepsAbove(maxBytes).at(0)
}
