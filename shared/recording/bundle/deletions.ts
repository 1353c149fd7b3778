import type { CheckedEntry, CheckedLeaf } from './checked-line.ts'
import type { FactsOf } from './entry-facts.ts'
import { type Place, type Report, missing } from './problem.ts'

/** Leaves whose entries retention is said to have deleted, against what says so on the record. */
export interface Deletions {
  add(line: CheckedEntry | CheckedLeaf): void
  /** `isEverything`: what deleted them has to be here. Answers how many leaves were not compared. */
  finish(isEverything: boolean): number
}

export function deletions(report: Report): Deletions {
  const deleted: Required<Place>[] = []
  const named: FactsOf<'retention-deleted'>[] = []
  return {
    add(line) {
      if (line.is === 'leaf') {
        if (line.why === 'deleted') deleted.push({ id: line.id, index: line.index })
      } else if (line.facts.type === 'retention-deleted') named.push(line.facts)
    },
    finish(isEverything) {
      if (!isEverything) return deleted.length
      const strays = deleted.filter(
        ({ index = -1 }) => !named.some(({ from, to }) => index >= from && index <= to),
      )
      for (const { id, index } of strays)
        report(
          missing(
            'entry-missing',
            { id, index },
            `the entry of leaf ${index} is gone, and no deletion on the record is about it`,
          ),
        )
      const most = named.reduce((sum, { count }) => sum + count, 0)
      if (strays.length === 0 && deleted.length > most)
        report(
          missing(
            'entry-missing',
            deleted[0] ?? {},
            `${deleted.length} entries are gone, and the deletions on the record are of ${most}`,
          ),
        )
      return 0
    },
  }
}
