import type { FlowTree } from '../../shared/analysis/lineage.ts'
import type { Relation } from '../../shared/analysis/trace.ts'
import type { SqlType } from '../../shared/bigquery/sql-type.ts'
import { typeOf } from './sql-types.ts'

/** Tables by their names with dots: columns by their types as SQL writes them. */
export type Schemas = Readonly<Record<string, Readonly<Record<string, string>>>>

/** Base tables, as a trace takes them. */
export function relationsOf(schemas: Schemas): readonly Relation[] {
  return Object.entries(schemas).map(([name, columns]) => ({
    path: name.split('.'),
    columns: Object.entries(columns).map(([column, text]) => {
      const type = typeOf(text)
      return { name: column, type, isPseudo: false, flow: baseFlow(`${name}.${column}`, type) }
    }),
    uses: [],
    routines: [],
  }))
}

function baseFlow(name: string, type: SqlType): FlowTree {
  const sources = new Map([[name, 'copy' as const]])
  if (type.kind === 'ARRAY') {
    const element = baseFlow(name, type.element)
    return { sources, element }
  }
  if (type.kind !== 'STRUCT') return { sources }
  return {
    sources,
    fields: type.fields.map((field) => baseFlow(`${name}.${field.name}`, field.type)),
  }
}
