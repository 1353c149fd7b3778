/** The values when all of them are known, undefined when one is not. */
export function allKnown<T>(values: readonly (T | undefined)[]): readonly T[] | undefined {
  return values.every((value) => value !== undefined) ? values : undefined
}
