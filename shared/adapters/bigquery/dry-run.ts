import { z } from 'zod'

import type { DryRun, DryRunFacts } from '../../analysis/dry-run.ts'
import { parseErrorBody } from '../../bigquery/upstream-error.ts'
import { err, ok } from '../../kernel/result.ts'
import { catalogColumns } from '../catalog-table.ts'
import type { OwnQuestions } from './own-questions.ts'

const named = { projectId: z.string(), datasetId: z.string() }

const dryJob = z.object({
  // Whatever does not say so was no dry run.
  configuration: z.object({ dryRun: z.literal(true) }),
  statistics: z.object({
    totalBytesProcessed: z.coerce.number().nonnegative().default(0),
    query: z.object({
      statementType: z.string(),
      referencedTables: z.array(z.object({ ...named, tableId: z.string() })).default([]),
      referencedRoutines: z.array(z.object({ ...named, routineId: z.string() })).default([]),
      schema: z.object({ fields: z.unknown() }).optional(),
      undeclaredQueryParameters: z.array(z.unknown()).default([]),
    }),
  }),
})

/** `DryRun` with the credential of `connection`. Rejects with `BigQueryUnavailable`. */
export function bigQueryDryRun(ask: OwnQuestions['ask'], connection: string): DryRun {
  return async (request) => {
    const { status, body } = await ask(connection, { ask: 'dry-run', request })
    if (status !== 200) {
      const error = parseErrorBody(body)
      return err(
        error === undefined
          ? { problem: 'dry-run-not-understood' }
          : { problem: 'dry-run-refused', error },
      )
    }
    const facts = readFacts(body)
    return facts === undefined ? err({ problem: 'dry-run-not-understood' }) : ok(facts)
  }
}

function readFacts(body: Buffer): DryRunFacts | undefined {
  const parsed = dryJob.safeParse(JSON.parse(body.toString()))
  if (!parsed.success) return undefined
  const { totalBytesProcessed, query } = parsed.data.statistics
  const columns = query.schema && catalogColumns(query.schema.fields ?? [])
  if (query.schema !== undefined && columns === undefined) return undefined
  return {
    statementType: query.statementType,
    referencedTables: query.referencedTables.map(
      ({ projectId, datasetId, tableId }) => `${projectId}.${datasetId}.${tableId}`,
    ),
    referencedRoutines: query.referencedRoutines.map(
      ({ projectId, datasetId, routineId }) => `${projectId}.${datasetId}.${routineId}`,
    ),
    schema: columns?.map(({ name, type }) => ({ name, type })),
    totalBytesProcessed,
    undeclaredParameters: query.undeclaredQueryParameters.length,
  }
}
