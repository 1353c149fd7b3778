import type { Context } from 'hono'

import { visibleLine } from '../../../approval-desk/visible-text.ts'
import { type TableView, tableView } from '../../views/table-view.ts'
import { Empty } from '../components/empty.tsx'
import { Name } from '../components/name.tsx'
import { Panel } from '../components/panel.tsx'
import type { ConsoleEnv } from '../console-env.ts'
import { places } from '../places.ts'
import { showPage } from '../show-page.tsx'
import { showProblem } from '../show-problem.tsx'
import { countedWords } from './counted-words.ts'
import { Readers } from './readers.tsx'
import { TableCalls } from './table-calls.tsx'
import { TableColumns } from './table-columns.tsx'

/** `GET /console/tables/{table}`: who touched a table, and what hides its columns. */
export async function showTable(c: Context<ConsoleEnv>): Promise<Response> {
  const name = c.req.param('table') ?? ''
  const found = await c.get('ask')({ path: `/v1/tables/${encodeURIComponent(name)}` }, tableView)
  const facts = {
    section: 'tables',
    trail: [{ name: 'Tables', href: '/console/tables' }],
  } as const
  if (!found.ok) return showProblem(c, found.error, facts)
  const { table } = found.value
  return showPage(
    c,
    {
      ...facts,
      title: visibleLine(table, 200),
      heading: <Name name={table} />,
      actions: (
        <a class="button" href={places.search({ table })}>
          Search its calls
        </a>
      ),
    },
    <Body view={found.value} />,
  )
}

function Body({ view }: { readonly view: TableView }) {
  const { table, columns, principals, calls, counted } = view
  return (
    <>
      <Panel title="Columns" aside={countedWords(counted)} flush>
        {columns === undefined ? (
          <Empty title="BigQuery does not say which columns it has.">
            It may be gone, or not be within reach of this Sluice.
          </Empty>
        ) : (
          <TableColumns table={table} columns={columns} />
        )}
      </Panel>
      <Panel title="Who touched it" id="principals" aside={countedWords(counted)} flush>
        {principals.length === 0 ? (
          <Empty title="Nobody, as far as the record goes." />
        ) : (
          <Readers table={table} principals={principals} />
        )}
      </Panel>
      <Panel title="Newest calls" id="calls" flush>
        {calls.length === 0 ? <Empty title="None." /> : <TableCalls calls={calls} />}
      </Panel>
    </>
  )
}
