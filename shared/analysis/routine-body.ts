import type { SqlType } from '../bigquery/sql-type.ts'
import type { CatalogRoutine } from './catalog.ts'

/**
 * The body of a SQL function as a query of its own, with a NULL of the right type for each argument: what it
 * reads by itself is then all that flows. Undefined when an argument is of any type.
 */
export function bodyQuery({
  arguments: given,
  definitionBody,
}: CatalogRoutine): string | undefined {
  const columns = given.flatMap(({ name, type }) =>
    type === undefined ? [] : [`CAST(NULL AS ${formatType(type)}) AS \`${name}\``],
  )
  if (columns.length < given.length || given.some(({ name }) => !/^\w+$/.test(name)))
    return undefined
  const from = columns.length === 0 ? '' : ` FROM (SELECT ${columns.join(', ')})`
  // On lines of its own: the body may end with a comment.
  return `SELECT (\n${definitionBody}\n)${from}`
}

function formatType(type: SqlType): string {
  if (type.kind === 'ARRAY' || type.kind === 'RANGE')
    return `${type.kind}<${formatType(type.element)}>`
  if (type.kind !== 'STRUCT') return type.kind
  const fields = type.fields.map(
    (field) => `${field.name === '' ? '' : `\`${field.name}\` `}${formatType(field.type)}`,
  )
  return `STRUCT<${fields.join(', ')}>`
}
