import type { CatalogTable } from '../../analysis/catalog.ts'
import type { TableReference } from '../../bigquery/reference.ts'
import type { OwnQuestions } from '../../gateway/schemas.ts'
import { connectionOf } from '../../policy/evaluate.ts'
import type { Policy } from '../../policy/policy.ts'

/**
 * What BigQuery says of a table through the connection of its project; undefined where there is none, where BigQuery has no
 * such table, or cannot be asked now, of which `onFailure` hears.
 */
export async function catalogAnswer(
  {
    catalog,
    onFailure,
  }: Pick<OwnQuestions, 'catalog'> & { readonly onFailure: (cause: unknown) => void },
  policy: Policy,
  table: TableReference,
): Promise<CatalogTable | undefined> {
  const connection = connectionOf(policy, table.projectId)
  if (connection === undefined) return undefined
  try {
    const found = await catalog(connection.id).table(table)
    return found.ok ? found.value : undefined
  } catch (cause) {
    onFailure(cause)
    return undefined
  }
}
