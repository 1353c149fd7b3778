import type { Decision } from '../../policy/decision.ts'
import { maskName } from '../../recording/search/masked-columns.ts'
import type { CallView } from '../views/call-view.ts'

/** Where the values of masked output columns come from, as it was decided. */
export function lineageOf(decision: Decision | undefined): CallView['lineage'] {
  if (decision === undefined || decision.effect === 'deny') return []
  return decision.obligations.masks.map(({ name, mask, columns }) => ({
    output: name,
    mask: maskName(mask),
    columns: [...columns],
  }))
}
