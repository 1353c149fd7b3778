import type { ApprovalView } from '../../../approval-desk/api/approval-view.ts'
import { visibleText } from '../../../approval-desk/visible-text.ts'
import { formattedSql } from '../../calls/formatted-sql.ts'
import { Code } from '../components/code.tsx'

/** The SQL that is asked for, laid out; every sign of it, those that cannot be seen as escapes. */
export function RequestSql({ approval }: { readonly approval: ApprovalView }) {
  const { sql, parameters, defaultDataset } = approval
  const shown = visibleText(laidOut(sql), 'code', Number.MAX_SAFE_INTEGER).text
  return (
    <>
      <Code code={shown} language="sql" what="SQL" />
      {defaultDataset !== undefined && (
        <p class="muted">
          Names without a dataset are in <code>{defaultDataset}</code>.
        </p>
      )}
      {parameters.length > 0 && (
        <>
          <h3>Parameters, as the client sent them</h3>
          <Code code={parametersText(parameters)} language="json" what="parameters" />
        </>
      )}
    </>
  )
}

/** As it is, unless laying it out changed nothing but spaces and the case of letters: people approve what they read. */
function laidOut(sql: string): string {
  const formatted = formattedSql(sql)
  return bare(formatted) === bare(sql) ? formatted : sql
}

const bare = (sql: string): string => sql.replaceAll(/\s/g, '').toUpperCase()

function parametersText(parameters: readonly unknown[]): string {
  const text = JSON.stringify(parameters, undefined, 2)
  return visibleText(text, 'code', Number.MAX_SAFE_INTEGER).text
}
