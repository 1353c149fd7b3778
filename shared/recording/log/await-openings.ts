import type { RawEntry } from '../entry-store.ts'
import { parseStamp } from '../parse-stamp.ts'
import { openedId } from './open-writer.ts'
import type { SealerState } from './sealer-state.ts'

/** What can be judged, and what has to wait. */
export interface Awaited {
  readonly ready: readonly RawEntry[]
  /** First commit time of what waits, epoch microseconds; `Infinity` when nothing does. */
  readonly waitingFrom: number
}

/**
 * Keeps back what was committed from `since` on, epoch microseconds, by writers that nobody has seen opened: a store
 * that is read in parts may show an entry before it shows the one that was committed before it. What is older
 * waits for nothing: it is judged as it is.
 */
export function awaitOpenings(
  raws: readonly RawEntry[],
  { writers }: Pick<SealerState, 'writers'>,
  since: number,
): Awaited {
  const ids = new Set(raws.map(({ id }) => id))
  const waits = ({ committedAt, stamp }: RawEntry): boolean => {
    if (committedAt < since) return false
    const writer = parseStamp(stamp)?.writer
    if (writer === undefined || ids.has(openedId(writer))) return false
    return writers.get(writer)?.certificate === undefined
  }
  const waiting = new Set(raws.filter(waits))
  const times = [...waiting].map(({ committedAt }) => committedAt)
  return {
    ready: raws.filter((raw) => !waiting.has(raw)),
    waitingFrom: times.reduce((first, time) => Math.min(first, time), Infinity),
  }
}
