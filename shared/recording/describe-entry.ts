import { unreachable } from '../kernel/unreachable.ts'
import type { Entry } from './entry.ts'

/** An entry in one line, for people: no SQL, no values. Times in UTC. */
export function describeEntry(entry: Entry): string {
  const time = new Date(entry.at).toISOString().slice(0, 19)
  return `${time}Z  ${entry.call}  ${words(entry)}`
}

function words(entry: Entry): string {
  switch (entry.type) {
    case 'request':
      return `${entry.principal.subject} asks ${what(entry)}: permitted by ${entry.decision.rules.join(', ')}`
    case 'refusal':
      return `${entry.principal?.subject ?? 'somebody unknown'} asks ${what(entry)}: refused, ${entry.problem}${entry.detail === '' ? '' : ` (${entry.detail})`}`
    case 'page':
      return `${entry.principal.subject} got ${entry.delivery.rows} more rows, ${entry.delivery.bytes} bytes`
    case 'outcome': {
      const { delivery } = entry
      if (delivery === undefined) return `${entry.outcome}: ${entry.detail ?? ''}`
      const rows =
        delivery.rows === 0 ? '' : `${delivery.rows} of ${delivery.totalRows ?? '?'} rows, `
      const error = delivery.error === undefined ? '' : `${delivery.error.reason}, `
      return `${entry.outcome}: ${error}${rows}${delivery.bytes} bytes after ${entry.durationMs} ms`
    }
    default:
      return unreachable(entry)
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
