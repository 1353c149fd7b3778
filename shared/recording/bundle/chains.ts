import type { CheckedEntry, CheckedLeaf } from './checked-line.ts'
import { type Place, type Report, broken, entryAt, missing, quoted } from './problem.ts'

/** The numbers of every writer: each once, each naming the one before, none missing. FORMAT.md §4. */
export interface Chains {
  add(line: CheckedEntry | CheckedLeaf): void
  /** Whether a number is neither here so far, nor named by a gap. */
  isMissing(writer: string, number: number): boolean
  /** How many writers there are, and how many of them did not say that they were done. */
  count(): { readonly all: number; readonly open: number }
  /** Says what is missing when the bundle holds everything. */
  finish(isEverything: boolean): void
}

interface Chain {
  readonly seen: Set<number>
  /** Numbers without an entry, with the hash of their stamp. */
  readonly gaps: Map<number, string>
  /** Hashes of stamps whose successor was not met. */
  readonly ends: Map<number, string>
  /** What numbers name before them that was not met. */
  readonly wanted: Map<number, { readonly previous: string; readonly place: Place }>
  closedBy: { readonly number: number; readonly place: Place } | undefined
  highest: number
  /** A gap entry is not here: numbers that it may name are not known. */
  lostGap: boolean
}

export function chains(report: Report): Chains {
  const all = new Map<string, Chain>()
  const chainOf = (writer: string): Chain => {
    const found = all.get(writer)
    if (found !== undefined) return found
    const chain: Chain = {
      seen: new Set(),
      gaps: new Map(),
      ends: new Map(),
      wanted: new Map(),
      closedBy: undefined,
      highest: -1,
      lostGap: false,
    }
    all.set(writer, chain)
    return chain
  }
  const differs = (place: Place): void =>
    report(
      broken(
        'chain-broken',
        place,
        `${entryAt(place)} names another stamp as the one before it than the one that is there`,
      ),
    )
  const follow = (chain: Chain, number: number, hash: string): void => {
    const next = chain.wanted.get(number + 1)
    chain.wanted.delete(number + 1)
    if (next === undefined) chain.ends.set(number, hash)
    else if (next.previous !== hash) differs(next.place)
  }
  return {
    add(line) {
      const { stamp } = line
      if (stamp === undefined) return
      const { id, index } = line
      const place = { id, index }
      const chain = chainOf(stamp.writer)
      const { number, hash } = stamp
      if (chain.seen.has(number))
        return report(
          broken(
            'number-twice',
            place,
            `${entryAt(place)} has number ${number} of writer ${quoted(stamp.writer)}, and so has another entry`,
          ),
        )
      chain.seen.add(number)
      chain.highest = Math.max(chain.highest, number)
      if (line.is === 'entry' && number > 0) {
        const before = chain.ends.get(number - 1)
        chain.ends.delete(number - 1)
        if (before === undefined) chain.wanted.set(number, { previous: line.stamp.previous, place })
        else if (before !== line.stamp.previous) differs(place)
      }
      follow(chain, number, hash)
      if (line.is === 'leaf') chain.lostGap ||= line.type === 'writer-gap'
      else if (line.facts.type === 'writer-gap' && line.facts.writer === stamp.writer)
        for (const missed of line.facts.missed) {
          chain.gaps.set(missed.number, missed.stamp)
          if (!chain.seen.has(missed.number)) follow(chain, missed.number, missed.stamp)
        }
      else if (line.type === 'writer-closed') chain.closedBy = { number, place }
    },
    isMissing(writer, number) {
      const chain = all.get(writer)
      return chain !== undefined && !chain.seen.has(number) && !chain.gaps.has(number)
    },
    count: () => ({
      all: all.size,
      open: [...all.values()].filter(({ closedBy }) => closedBy === undefined).length,
    }),
    finish(isEverything) {
      for (const [writer, chain] of all) {
        const { closedBy, highest } = chain
        if (closedBy !== undefined && highest > closedBy.number)
          report(
            broken(
              'writer-after-close',
              closedBy.place,
              `writer ${quoted(writer)} went on to number ${highest} after it had said at number ${closedBy.number} that it was done`,
            ),
          )
        if (!isEverything || chain.lostGap) continue
        for (const [from, to] of missingSpans([...chain.seen, ...chain.gaps.keys()]))
          report(
            missing(
              'number-missing',
              {},
              from === to
                ? `number ${from} of writer ${quoted(writer)} is not in the log, and no entry says why`
                : `numbers ${from} to ${to} of writer ${quoted(writer)} are not in the log, and no entry says why`,
            ),
          )
      }
    },
  }
}

/** What is missing below the highest of these numbers, first and last. */
function missingSpans(numbers: readonly number[]): readonly (readonly [number, number])[] {
  const spans: (readonly [number, number])[] = []
  let next = 0
  for (const number of Float64Array.from(numbers).toSorted()) {
    if (number > next) spans.push([next, number - 1])
    next = Math.max(next, number + 1)
  }
  return spans
}
