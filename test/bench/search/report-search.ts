import { table } from '../table.ts'
import type { SearchRow } from './measure-search.ts'

/** What searches take, as a Markdown table. `×` is the ratio to the read of one document by its id. */
export function formatSearches(rows: readonly SearchRow[]): string {
  return table(
    ['search', 'found', 'p50 ms', 'p95 ms', 'CPU ms', '×', '50th page: p50 ms', 'CPU ms', '×'],
    rows.map(({ what, found, first, fiftieth }) => [
      what,
      String(found),
      first.p50Ms.toFixed(2),
      first.p95Ms.toFixed(1),
      first.cpuMs.toFixed(2),
      first.ratio.toFixed(0),
      fiftieth?.p50Ms.toFixed(1) ?? '–',
      fiftieth?.cpuMs.toFixed(1) ?? '–',
      fiftieth?.ratio.toFixed(0) ?? '–',
    ]),
  )
}
