import { mint } from '../kernel/brand.ts'
import type { Grant } from './grant.ts'
import type { Leave } from './permit.ts'

/** https://cloud.google.com/bigquery/pricing: 10 MB for each table, at least. */
const LEAST_BILLED = 10 * 2 ** 20

/**
 * The leave that a grant gives one call: its own, when its requester broke the glass, or one that is among the
 * uses of its time box. Throws for any other call.
 */
export function leaveOf(grant: Grant, call: string): Leave {
  const use = grant.events.find((event) => event.type === 'used' && event.call === call)
  const broke = grant.call === call && grant.events.some(({ type }) => type === 'broke-glass')
  if (use?.type !== 'used' && !broke) throw new Error('a grant that gives no leave for this call')
  return mint<Leave>({
    grant: grant.id,
    call,
    // BigQuery bills no less, and takes 0 for no limit.
    maximumBytes: use?.type === 'used' ? Math.max(use.bytes, LEAST_BILLED) : undefined,
  })
}
