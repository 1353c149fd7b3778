import { visibleLine } from '../../../approval-desk/visible-text.ts'
import { whyNotRun } from '../../replay/replay-words.ts'
import type { ReplayReport } from '../../views/replay-view.ts'
import { Badge, type Tone } from '../components/badge.tsx'
import { SqlLine } from '../components/code.tsx'
import { type Column, DataTable } from '../components/data-table.tsx'
import { Empty } from '../components/empty.tsx'
import { places } from '../places.ts'

type Call = ReplayReport['calls'][number]

/** Each call of a replay beside what it was. */
export function ComparedCalls({ calls }: { readonly calls: readonly Call[] }) {
  if (calls.length === 0) return <Empty title="There was nothing to replay." />
  return (
    <DataTable
      caption="Calls, then and now"
      columns={columns}
      rows={calls}
      href={({ of }) => places.call(of)}
    />
  )
}

const columns: readonly Column<Call>[] = [
  {
    head: 'Asked',
    wide: true,
    cell: ({ of, strippedSql }) => (
      <a href={places.call(of)}>
        {strippedSql === undefined ? 'the call' : <SqlLine sql={strippedSql} />}
      </a>
    ),
  },
  {
    head: 'Run again',
    cell: ({ call, state, reason }) => (
      <span class="replay-run">
        {call !== undefined && (
          <a href={places.call(call)}>{state === 'run' ? 'as this call' : 'tried'}</a>
        )}
        {reason !== undefined && <span class="muted">{`Not run: ${whyNotRun(reason)}.`}</span>}
      </span>
    ),
  },
  {
    head: 'Decision',
    cell: ({ decision, decisionThen, decisionNow }) => (
      <span class="replay-decisions">
        <How compared={decision} />
        <span class="muted">
          {visibleLine(decision === 'same' ? decisionThen : `then ${decisionThen}`, 200)}
        </span>
        {decision !== 'same' && decisionNow !== undefined && (
          <span class="muted">{visibleLine(`now ${decisionNow}`, 200)}</span>
        )}
      </span>
    ),
  },
  { head: 'Schema', cell: ({ schema }) => <How compared={schema} /> },
  {
    head: 'Rows',
    cell: ({ rows, rowsThen, rowsNow }) => (
      <span class="replay-decisions">
        <How compared={rows} />
        <span class="muted">
          {`${rowsThen ?? 'none'} then${rowsNow === undefined ? '' : `, ${rowsNow} now`}`}
        </span>
      </span>
    ),
  },
  { head: 'Digest', cell: ({ digest }) => <How compared={digest} /> },
]

function How({ compared }: { readonly compared: Call['digest'] }) {
  const [tone, words] = hows[compared]
  return <Badge tone={tone}>{words}</Badge>
}

const hows: Readonly<Record<Call['digest'], readonly [Tone, string]>> = {
  same: ['good', 'same'],
  different: ['bad', 'different'],
  'not-known': ['quiet', 'not known'],
}
