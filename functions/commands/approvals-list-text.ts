import type { ApprovalSummary } from '../../shared/approval-desk/api/approval-view.ts'
import { nameOf, queryOf, until } from './approval-words.ts'
import { textTable } from './text-table.ts'

const SHORTEST_ID = 8

/** Requests, a line each. */
export function listText(approvals: readonly ApprovalSummary[], now: number): string {
  if (approvals.length === 0) return 'nothing waits for you, and nothing of yours waits\n'
  const shown = idLength(approvals.map(({ id }) => id))
  const rows = approvals.map((one) => [
    one.id.slice(0, shown),
    one.reviewOpen ? 'to review' : one.state,
    nameOf(one.requester),
    queryOf(one, 60),
    one.listPrice ?? 'cost not known',
    one.reviewOpen ? '' : until(one.until ?? one.expiresAt, now),
    one.youMay.join(', '),
  ])
  const head = ['ID', 'STATE', 'WHO', 'WHAT', 'COST', 'UNTIL', 'YOU MAY']
  return textTable(head, rows)
}

function idLength(ids: readonly string[]): number {
  for (let length = SHORTEST_ID; ; length++)
    if (new Set(ids.map((id) => id.slice(0, length))).size === new Set(ids).size) return length
}
