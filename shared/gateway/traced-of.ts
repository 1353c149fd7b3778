import type { Policy } from '../policy/policy.ts'
import type { CallFacts } from '../recording/entry.ts'
import type { Traced } from '../recording/traced.ts'

/** What traces may say of a call in a project, under a policy. */
export function tracedOf(
  { telemetry }: Pick<Policy, 'telemetry'>,
  { tables, targets, strippedSql }: Pick<CallFacts, 'tables' | 'targets' | 'strippedSql'>,
  projectId: string,
): Traced {
  const queryText = telemetry.queryText === 'without-literals' ? strippedSql : undefined
  const [only, ...more] = new Set([...tables, ...targets])
  // A project may have dots, a view of the catalog has one of its own.
  const [, project, dataset, collection] =
    only === undefined || more.length > 0 || only.includes('.INFORMATION_SCHEMA.')
      ? []
      : (/^(.+)\.([^.]+)\.([^.]+)$/s.exec(only) ?? [])
  return collection === undefined
    ? { namespace: projectId, queryText }
    : { namespace: `${project}|${dataset}`, collection, queryText }
}
