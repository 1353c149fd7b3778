import type { KeptEntry } from '../entry-store.ts'
import { MOST_REMOVED_AT_ONCE } from './entry-removal.ts'

/** Ids to remove at once: of a call what finds the rest goes with the last of it. */
export function removalsOf(
  calls: readonly (readonly KeptEntry[])[],
): readonly (readonly string[])[] {
  const all: string[][] = [[]]
  for (const call of calls) {
    const ids = call.map(({ entry }) => entry.id)
    for (const part of parts(ids)) {
      const last = all.at(-1)
      if (last !== undefined && last.length + part.length <= MOST_REMOVED_AT_ONCE)
        last.push(...part)
      else all.push([...part])
    }
  }
  return all.filter((ids) => ids.length > 0)
}

/** In parts of what fits, with a full one at the end. */
function parts(ids: readonly string[]): readonly (readonly string[])[] {
  const first = ids.length % MOST_REMOVED_AT_ONCE
  const rest = Array.from({ length: Math.floor(ids.length / MOST_REMOVED_AT_ONCE) }, (_, n) => {
    const start = first + n * MOST_REMOVED_AT_ONCE
    return ids.slice(start, start + MOST_REMOVED_AT_ONCE)
  })
  return first === 0 ? rest : [ids.slice(0, first), ...rest]
}
