import type { SearchIndex } from '../../recording/search/search-index.ts'
import { token } from '../../recording/search/token.ts'
import type { Span } from '../overview/buckets.ts'

/** What a report counts, by name. */
export type Totals = Readonly<Record<keyof typeof COUNTED, number>>

const COUNTED = {
  calls: token('is', 'call'),
  permitted: token('decision', 'permit'),
  'needing approval': token('decision', 'require-approval'),
  denied: token('decision', 'deny'),
  refused: token('decision', 'refused'),
  sessions: token('is', 'session'),
  'reads of the record': token('event', 'audit-read'),
  exports: token('event', 'exported'),
  reviews: token('event', 'reviewed'),
  'configuration changes': token('event', 'configuration-changed'),
  'holds set': token('event', 'hold-set'),
  erasures: token('event', 'erased'),
  'retention deletions': token('event', 'retention-deleted'),
  alerts: token('event', 'alert'),
} as const

/** The counts of a span, each up to `most`, and the names of those where counting ended there. */
export async function countTotals(
  index: Pick<SearchIndex, 'count'>,
  span: Span,
  most: number,
): Promise<{ readonly totals: Totals; readonly capped: string[] }> {
  const count = (name: keyof typeof COUNTED) =>
    index.count({ tokens: [COUNTED[name]], ...span }, most)
  const totals: Totals = {
    calls: await count('calls'),
    permitted: await count('permitted'),
    'needing approval': await count('needing approval'),
    denied: await count('denied'),
    refused: await count('refused'),
    sessions: await count('sessions'),
    'reads of the record': await count('reads of the record'),
    exports: await count('exports'),
    reviews: await count('reviews'),
    'configuration changes': await count('configuration changes'),
    'holds set': await count('holds set'),
    erasures: await count('erasures'),
    'retention deletions': await count('retention deletions'),
    alerts: await count('alerts'),
  }
  const capped = Object.entries(totals).flatMap(([name, counted]) =>
    counted >= most ? [name] : [],
  )
  return { totals, capped }
}
