import type { Context } from 'hono'

import { type TableList, tableList } from '../../views/table-view.ts'
import { Badge } from '../components/badge.tsx'
import { type Column, DataTable } from '../components/data-table.tsx'
import { Empty } from '../components/empty.tsx'
import { Name } from '../components/name.tsx'
import { Panel } from '../components/panel.tsx'
import { Count } from '../components/quantities.tsx'
import { Time } from '../components/time.tsx'
import type { ConsoleEnv } from '../console-env.ts'
import { places } from '../places.ts'
import { showPage } from '../show-page.tsx'
import { showProblem } from '../show-problem.tsx'
import { countedWords } from './counted-words.ts'

type Table = TableList['tables'][number]

/** `GET /console/tables`: tables that were asked about lately. */
export async function showTables(c: Context<ConsoleEnv>): Promise<Response> {
  const list = await c.get('ask')({ path: '/v1/tables' }, tableList)
  const facts = { title: 'Tables', section: 'tables' } as const
  if (!list.ok) return showProblem(c, list.error, facts)
  const { tables, counted } = list.value
  return showPage(
    c,
    { ...facts, lead: 'Tables that somebody asked about lately.' },
    <Panel title="By calls" id="tables" aside={countedWords(counted)} flush>
      {tables.length === 0 ? (
        <Empty title="Nobody has asked about a table yet." />
      ) : (
        <DataTable
          caption="Tables"
          columns={columns}
          rows={tables}
          href={({ table }) => places.table(table)}
        />
      )}
    </Panel>,
  )
}

const columns: readonly Column<Table>[] = [
  {
    head: 'Table',
    wide: true,
    cell: ({ table }) => <Name name={table} href={places.table(table)} />,
  },
  {
    head: 'Masked columns',
    cell: ({ governedColumns }) =>
      governedColumns === 0 ? (
        <span class="muted">none</span>
      ) : (
        <Badge tone="mask">{String(governedColumns)}</Badge>
      ),
  },
  { head: 'People', numeric: true, cell: ({ principals }) => <Count of={principals} /> },
  { head: 'Calls', numeric: true, cell: ({ calls }) => <Count of={calls} /> },
  { head: 'Last', cell: ({ lastAt }) => <Time at={lastAt} /> },
]
