import type { GrantEvent } from '../approval/grant.ts'
import { unreachable } from '../kernel/unreachable.ts'
import type { Entry } from './entry.ts'
import { upkeepWords } from './upkeep-words.ts'

/** An entry in one line, for people: no SQL, no values. Times in UTC. */
export function describeEntry(entry: Entry): string {
  const time = new Date(entry.at).toISOString().slice(0, 19)
  return `${time}Z  ${entry.call ?? entry.type}  ${entryWords(entry)}`
}

/** What an entry says, for people, beside its time and its call: no SQL, no values. */
export function entryWords(entry: Entry): string {
  switch (entry.type) {
    case 'request':
      return `${entry.principal.subject} asks ${what(entry)}: ${entry.decision.effect === 'permit' ? 'permitted by' : 'needs approval by'} ${entry.decision.rules.join(', ')}`
    case 'refusal':
      return `${entry.principal?.subject ?? 'somebody unknown'} asks ${what(entry)}: refused, ${entry.problem}`
    case 'approval':
      return `approval: ${approvalWords(entry.event)}`
    case 'refused-vote':
      return `the vote of ${entry.vote.by.subject} to ${entry.vote.verdict} does not count: ${entry.problem}`
    case 'page':
      return `${entry.principal.subject} got ${entry.delivery.rows} more rows, ${entry.delivery.bytes} bytes`
    case 'outcome': {
      const { delivery } = entry
      if (delivery === undefined) return `${entry.outcome}: ${entry.detail ?? ''}`
      const rows =
        delivery.rows === 0 ? '' : `${delivery.rows} of ${delivery.totalRows ?? '?'} rows, `
      const error = delivery.errorReason === undefined ? '' : `${delivery.errorReason}, `
      return `${entry.outcome}: ${error}${rows}${delivery.bytes} bytes after ${entry.durationMs} ms`
    }
    case 'session-opened':
    case 'session-closed':
    case 'writer-opened':
    case 'writer-closed':
    case 'writer-gap':
    case 'configuration-changed':
    case 'audit-read':
    case 'exported':
    case 'hold-set':
    case 'hold-released':
    case 'erased':
    case 'retention-deleted':
    case 'alert':
    case 'replayed':
    case 'reviewed':
    case 'sealed-batch':
      return upkeepWords(entry)
    default:
      return unreachable(entry)
  }
}

function approvalWords(event: GrantEvent): string {
  switch (event.type) {
    case 'voted':
      return `${event.vote.by.subject} votes to ${event.vote.verdict} (${event.vote.by.channel})`
    case 'denied':
    case 'revoked':
      return `${event.type} by ${event.by.subject}`
    case 'approved':
      return `approved until ${new Date(event.until).toISOString()}`
    case 'reviewed':
      return `reviewed by ${event.by.subject}`
    case 'not-started':
      return `not started: ${event.reason}`
    case 'used':
      return `used by call ${event.call}`
    case 'asked':
    case 'broke-glass':
    case 'cancelled':
    case 'escalated':
    case 'expired':
    case 'reminded':
    case 'started':
    case 'starting':
      return event.type
    default:
      return unreachable(event)
  }
}

function what({
  method,
  statementType,
  tables,
  targets,
  dryRun,
}: Extract<Entry, { type: 'request' | 'refusal' }>): string {
  const names = [...new Set([...targets, ...tables])].join(', ')
  const statement = statementType === undefined ? '' : ` ${statementType}`
  return `${method}${dryRun ? ' (dry run)' : ''}${statement}${names === '' ? '' : ` ${names}`}`
}
