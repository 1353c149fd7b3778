import type { PlanFacts } from '../sql/plan.ts'
import { standardSqlType } from '../types/standard-sql-type.ts'
import { tableSchema } from '../types/table-schema.ts'
import { queryStatistics, type Resource } from './job-resource.ts'
import type { JobSpec } from './run-sql.ts'

/** What `jobs.insert` answers to a dry run: a job that never was. */
export function dryRunResource(
  { projectId, user, configuration }: Pick<JobSpec, 'projectId' | 'user' | 'configuration'>,
  location: string,
  facts: PlanFacts,
): Resource {
  const { undeclaredParameters, columns } = facts
  return {
    kind: 'bigquery#job',
    id: `${projectId}:${location}.`,
    user_email: user,
    configuration: { ...configuration, jobType: 'QUERY', dryRun: true },
    jobReference: { projectId, location },
    statistics: {
      totalBytesProcessed: String(facts.totalBytesProcessed),
      query: {
        ...queryStatistics(facts),
        ...(columns !== undefined && { schema: tableSchema(columns) }),
        ...(undeclaredParameters.length > 0 && {
          undeclaredQueryParameters: undeclaredParameters.map(undeclaredParameter),
        }),
      },
    },
    status: { state: 'DONE' },
  }
}

function undeclaredParameter({ name, type }: PlanFacts['undeclaredParameters'][number]): Resource {
  const { typeKind, arrayElementType } = standardSqlType(type)
  const arrayType = arrayElementType && { arrayType: { type: arrayElementType.typeKind } }
  return { ...(name !== '' && { name }), parameterType: { type: typeKind, ...arrayType } }
}
