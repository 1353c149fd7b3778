import type { Catalog } from '../analysis/catalog.ts'
import type { ProjectId } from '../bigquery/reference.ts'
import { connectionOf } from '../policy/evaluate.ts'
import type { Policy } from '../policy/policy.ts'

/** What BigQuery says of tables and routines, seen through the connection of the project that is billed. */
export function catalogFor(
  ports: { readonly catalog: (connection: string) => Catalog },
  policy: Policy,
  projectId: ProjectId,
): Catalog {
  const connection = connectionOf(policy, projectId)
  // What has no connection was denied for that.
  if (connection === undefined) throw new Error('a statement without a connection')
  return ports.catalog(connection.id)
}
