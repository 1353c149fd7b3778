import { createHash } from 'node:crypto'

import type { CatalogProblem, CatalogTable } from '../../analysis/catalog.ts'
import type { DryRun } from '../../analysis/dry-run.ts'
import type { ProjectId, TableReference } from '../../bigquery/reference.ts'
import { err, ok, type Result } from '../../kernel/result.ts'

/** The columns of an INFORMATION_SCHEMA view, which has no resource of its own. */
export async function schemaOfView(
  dryRun: DryRun,
  projectId: ProjectId,
  table: TableReference,
): Promise<Result<CatalogTable, CatalogProblem>> {
  const path = [table.projectId, table.datasetId, ...table.tableId.split('.')]
  const answer = await dryRun({
    projectId,
    sql: `SELECT * FROM ${path.map((part) => `\`${part}\``).join('.')}`,
    defaultDataset: undefined,
    parameters: [],
    parameterMode: undefined,
    location: undefined,
  })
  if (!answer.ok && answer.error.problem === 'dry-run-refused') {
    const what = `Table ${table.projectId}:${table.datasetId}.${table.tableId}`
    return err({ problem: 'not-in-catalog', what })
  }
  const schema = answer.ok ? answer.value.schema : undefined
  if (schema === undefined)
    return err({ problem: 'not-understood', hint: 'query no INFORMATION_SCHEMA' })
  return ok({
    reference: table,
    type: 'SYSTEM_VIEW',
    etag: createHash('sha256').update(JSON.stringify(schema)).digest('hex'),
    columns: schema.map((field) => ({ ...field, policyTags: [], fields: [] })),
    pseudoColumns: [],
    view: undefined,
  })
}
