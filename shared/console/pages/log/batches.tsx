import type { LogView } from '../../views/log-view.ts'
import { Badge } from '../components/badge.tsx'
import { Copyable } from '../components/copyable.tsx'
import { DataTable } from '../components/data-table.tsx'
import { Empty } from '../components/empty.tsx'
import { Count } from '../components/quantities.tsx'
import { Time } from '../components/time.tsx'

type Batch = LogView['batches'][number]

/** The newest batches of the log, with what is not as it should be in each. */
export function Batches({ batches }: Pick<LogView, 'batches'>) {
  if (batches.length === 0)
    return <Empty title="No batch is sealed yet.">The first one comes within a minute.</Empty>
  return (
    <DataTable
      caption="Newest batches"
      rows={batches}
      columns={[
        { head: 'Batch', numeric: true, cell: ({ batch }) => <Count of={batch} /> },
        { head: 'Sealed', cell: ({ sealedAt }) => <Time at={sealedAt} /> },
        { head: 'Leaves', numeric: true, cell: ({ from, size }) => <Count of={size - from} /> },
        { head: 'Log after it', numeric: true, cell: ({ size }) => <Count of={size} /> },
        {
          head: 'Root',
          wide: true,
          cell: ({ root }) => (
            <Copyable text={root} shown={`${root.slice(0, 12)}…`} what="the root" />
          ),
        },
        { head: 'State', cell: (batch) => <State batch={batch} /> },
      ]}
    />
  )
}

function State({ batch: { late, invalid, missing } }: { readonly batch: Batch }) {
  if (late + invalid + missing === 0) return <Badge tone="good">as it should be</Badge>
  return (
    <span class="badges">
      {invalid > 0 && <Badge tone="bad">{`${invalid} invalid`}</Badge>}
      {missing > 0 && <Badge tone="warn">{`${missing} missing`}</Badge>}
      {late > 0 && <Badge tone="quiet">{`${late} late`}</Badge>}
    </span>
  )
}
