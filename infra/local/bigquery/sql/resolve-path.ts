import { LOCATION } from '../catalog/catalog.ts'
import type { TableReference } from '../catalog/reference.ts'
import type { Relation } from '../catalog/relation.ts'
import { BigQueryError, cannot } from '../errors.ts'
import type { SqlContext } from './context.ts'

const WHERE = ` was not found in location ${LOCATION}`

/** The table or view that a path in SQL names. Throws in BigQuery's words when there is none. */
export function resolveRelation(path: readonly string[], context: SqlContext): Relation {
  const parts = splitPath(path)
  const schema = parts.findIndex((part) => part.toUpperCase() === 'INFORMATION_SCHEMA')
  if (schema !== -1) return informationSchemaView(parts, schema, context)
  if (parts.at(-1)?.includes('*') === true) throw cannot(`wildcard tables, \`${parts.join('.')}\``)
  return context.catalog.relation(resolveReference(path, context), WHERE)
}

/** The ids that a path in SQL stands for, whether or not there is such a table. */
export function resolveReference(path: readonly string[], context: SqlContext): TableReference {
  const [table, dataset, project, ...more] = splitPath(path).toReversed()
  if (table === undefined || more.length > 0) {
    throw new BigQueryError('invalidQuery', `Invalid table name: \`${path.join('.')}\``)
  }
  if (dataset !== undefined) {
    return { projectId: project ?? context.projectId, datasetId: dataset, tableId: table }
  }
  if (context.defaultDataset !== undefined) return { ...context.defaultDataset, tableId: table }
  throw new BigQueryError(
    'invalid',
    `Table "${table}" must be qualified with a dataset (e.g. dataset.table).`,
  )
}

/** The parts of a path, however much of it stands in one pair of back quotes. */
export function splitPath(path: readonly string[]): readonly string[] {
  return path.join('.').split('.')
}

function informationSchemaView(
  parts: readonly string[],
  schema: number,
  context: SqlContext,
): Relation {
  const before = parts.slice(0, schema)
  const view = parts
    .slice(schema + 1)
    .join('.')
    .toUpperCase()
  const [qualifier, projectId = context.projectId] = before.toReversed()
  const found = context.informationSchema({ projectId, qualifier, view, user: context.user })
  if (found !== undefined) return found
  throw cannot(`the view \`${parts.join('.')}\``)
}
