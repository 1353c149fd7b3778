import { visibleLine } from '../../shared/approval-desk/visible-text.ts'
import type { CallSummary } from '../../shared/console/views/call-view.ts'
import { textTable } from './text-table.ts'

/** Calls, a line each: who, through what, what for, who let them, and what they saw. Times are UTC. */
export function callsText(calls: readonly CallSummary[]): string {
  return textTable(
    ['TIME (UTC)', 'WHO', 'THROUGH', 'DECIDED', 'APPROVED BY', 'SAW', 'QUERY', 'CALL'],
    calls.map((call) => [
      timeText(call.at),
      visibleLine(call.principal?.email ?? call.principal?.subject ?? 'somebody unknown', 40),
      visibleLine(throughText(call), 40),
      visibleLine(decidedText(call), 44),
      visibleLine(call.approvers.join(', ') || '-', 40),
      visibleLine(sawText(call), 60),
      visibleLine(queryText(call), 60),
      call.call,
    ]),
  )
}

/** A time to the second. */
export function timeText(at: string): string {
  return at.slice(0, 19).replace('T', ' ')
}

function throughText({ principal, claimed }: CallSummary): string {
  const agents = principal?.actors.map(({ subject }) => subject) ?? []
  const parts = [...agents, claimed.server ?? principal?.clientId, claimed.tool]
  return parts.filter((part) => part !== undefined).join(' / ') || '-'
}

function decidedText({ decision, rules, reason, problem, approval }: CallSummary): string {
  switch (decision) {
    case 'permit':
      return `permitted by ${rules.join(', ')}`
    case 'require-approval':
      return `held by ${rules.join(', ')}: ${approval ?? 'not decided'}`
    case 'deny':
      return `denied: ${rules.length > 0 ? rules.join(', ') : (reason ?? '')}`
    case 'refused':
      return `refused: ${problem ?? ''}`
  }
}

function sawText({ decision, outcome, rows, masked }: CallSummary): string {
  if (decision === 'deny' || decision === 'refused') return 'nothing'
  if (rows === 0) return outcome === 'released' ? 'no rows' : 'nothing'
  const many = rows === 1 ? '1 row' : `${rows} rows`
  const masks = masked.map(({ column, mask }) => `${column.split('.').at(-1)} as ${mask}`)
  return masks.length === 0 ? `${many}, no masks` : `${many}: ${masks.join(', ')}`
}

function queryText({ strippedSql, method, statementType, tables }: CallSummary): string {
  return (strippedSql ?? `${method} ${statementType ?? ''} ${tables.join(', ')}`).replaceAll(
    /\s+/g,
    ' ',
  )
}
