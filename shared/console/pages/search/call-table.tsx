import { visibleLine } from '../../../approval-desk/visible-text.ts'
import type { CallSummary } from '../../views/call-view.ts'
import { Badge } from '../components/badge.tsx'
import { SqlLine } from '../components/code.tsx'
import { type Column, DataTable } from '../components/data-table.tsx'
import { Plain } from '../components/plain.tsx'
import { Approval, Decision } from '../components/state-badges.tsx'
import { Through } from '../components/through.tsx'
import { Time } from '../components/time.tsx'
import { Who } from '../components/who.tsx'
import { places } from '../places.ts'
import { Saw } from './saw.tsx'

/** Calls: who asked, through what, what was decided and by whom, and what they saw. */
export function CallTable({ calls }: { readonly calls: readonly CallSummary[] }) {
  return (
    <DataTable
      caption="Calls"
      columns={columns}
      rows={calls}
      href={({ call }) => places.call(call)}
    />
  )
}

const columns: readonly Column<CallSummary>[] = [
  {
    head: 'When',
    cell: ({ at, call }) => (
      <a href={places.call(call)}>
        <Time at={at} />
      </a>
    ),
  },
  {
    head: 'Who, through what',
    cell: ({ principal, claimed, session }) => (
      <span class="cell">
        <Who person={principal} />
        <span class="small">
          <Through claimed={claimed} clientId={principal?.clientId} />
          {session !== undefined && (
            <>
              {' · '}
              <a href={places.session(session)}>session</a>
            </>
          )}
        </span>
      </span>
    ),
  },
  {
    head: 'What',
    wide: true,
    cell: ({ strippedSql, statementType, method, tables, targets }) => (
      <span class="cell">
        {strippedSql === undefined ? (
          <code>{statementType ?? method}</code>
        ) : (
          <SqlLine sql={strippedSql} />
        )}
        <span class="small muted">
          {[...new Set([...targets, ...tables])].slice(0, 4).map((table, index) => (
            <>
              {index > 0 && ', '}
              <a href={places.table(table)}>
                <Plain words={table} />
              </a>
            </>
          ))}
        </span>
      </span>
    ),
  },
  {
    head: 'Decision',
    cell: ({ decision, rules, reason, problem, flags }) => (
      <span class="cell">
        <Decision decision={decision} />
        <span class="small muted">
          <Plain words={rules[0] ?? reason ?? problem ?? ''} />
        </span>
        {flags.map(({ rule, why }) => (
          <Badge tone="flag" title={visibleLine(why, 500, 'words')}>
            <Plain words={rule} />
          </Badge>
        ))}
      </span>
    ),
  },
  {
    head: 'Approved by',
    cell: ({ approvers, approval, grant, decision }) =>
      approval === undefined ? (
        <span class="small muted">{decision === 'permit' ? 'nobody had to' : 'nobody'}</span>
      ) : (
        <span class="cell">
          {grant === undefined ? (
            <Approval state={approval} />
          ) : (
            <a href={places.approval(grant)}>
              <Approval state={approval} />
            </a>
          )}
          {approvers.map((approver) => (
            <Plain words={approver} />
          ))}
        </span>
      ),
  },
  { head: 'What they saw', cell: (call) => <Saw call={call} /> },
]
