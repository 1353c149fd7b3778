/** Numbers that are not there, first and last. */
type Span = readonly [first: number, last: number]

/** What of a writer's numbers is sealed. */
export interface WriterNumbers {
  /** The highest, and the hash of its stamp, hex. */
  readonly number: number
  readonly stamp: string
  /** Below it what is neither sealed nor named by a gap, ascending. */
  readonly missing: readonly Span[]
}

/**
 * How many spans are remembered of a writer. One that leaves more has lost its mind or its key; whoever has all
 * leaves sees all of them.
 */
const MOST_SPANS = 256

/** With one number more, of the stamp with this hash; `before` is undefined for a writer of whom none is sealed. */
export function withNumber(
  before: WriterNumbers | undefined,
  number: number,
  stamp: string,
): WriterNumbers {
  const highest = before?.number ?? -1
  const missing = before?.missing ?? []
  if (before !== undefined && number <= highest) return withoutMissing(before, number)
  const skipped: readonly Span[] = number === highest + 1 ? [] : [[highest + 1, number - 1]]
  return { number, stamp, missing: [...missing, ...skipped].slice(0, MOST_SPANS) }
}

/** With one number that is missing no more: it came, or a gap names it. */
export function withoutMissing(before: WriterNumbers, number: number): WriterNumbers {
  const missing = before.missing.flatMap(([first, last]): readonly Span[] => {
    if (number < first || number > last) return [[first, last]]
    const around: readonly Span[] = [
      [first, number - 1],
      [number + 1, last],
    ]
    return around.filter(([from, to]) => from <= to)
  })
  return { ...before, missing: missing.slice(0, MOST_SPANS) }
}

/** The numbers that are missing, ascending, at most `limit`. */
export function missingNumbers({ missing }: WriterNumbers, limit: number): readonly number[] {
  const numbers: number[] = []
  for (const [first, last] of missing)
    for (let number = first; number <= last && numbers.length < limit; number += 1)
      numbers.push(number)
  return numbers
}
