import type { QueryParameter, QueryParameterType } from '../bigquery/query-parameter.ts'
import type { ScalarType, SqlField, SqlType } from '../bigquery/sql-type.ts'
import type { TraceRequest } from './trace.ts'

const SCALARS: Readonly<Record<string, ScalarType>> = {
  BIGDECIMAL: 'BIGNUMERIC',
  BIGNUMERIC: 'BIGNUMERIC',
  BOOL: 'BOOL',
  BOOLEAN: 'BOOL',
  BYTES: 'BYTES',
  DATE: 'DATE',
  DATETIME: 'DATETIME',
  DECIMAL: 'NUMERIC',
  FLOAT: 'FLOAT64',
  FLOAT64: 'FLOAT64',
  GEOGRAPHY: 'GEOGRAPHY',
  INT64: 'INT64',
  INTEGER: 'INT64',
  INTERVAL: 'INTERVAL',
  JSON: 'JSON',
  NUMERIC: 'NUMERIC',
  STRING: 'STRING',
  TIME: 'TIME',
  TIMESTAMP: 'TIMESTAMP',
}

/** The types of a request's parameters; undefined when one is of a type Sluice does not know. */
export function parameterTypes(
  parameters: readonly QueryParameter[],
  parameterMode: string | undefined,
): TraceRequest['parameters'] | undefined {
  const typed = parameters.flatMap(({ name = '', parameterType }) => {
    const type = sqlType(parameterType)
    return type === undefined ? [] : [{ name: name.toLowerCase(), type }]
  })
  if (typed.length < parameters.length) return undefined
  const positional =
    parameterMode === undefined
      ? typed.length > 0 && typed.every(({ name }) => name === '')
      : parameterMode.toUpperCase() === 'POSITIONAL'
  return positional
    ? { mode: 'positional', types: typed.map(({ type }) => type) }
    : { mode: 'named', types: new Map(typed.map(({ name, type }) => [name, type])) }
}

function sqlType(parameter: QueryParameterType): SqlType | undefined {
  const kind = parameter.type.toUpperCase()
  if (kind === 'ARRAY' || kind === 'RANGE') {
    const inner = kind === 'ARRAY' ? parameter.arrayType : parameter.rangeElementType
    const element = inner === undefined ? undefined : sqlType(inner)
    return element === undefined ? undefined : { kind, element }
  }
  if (kind === 'STRUCT') {
    const all = parameter.structTypes ?? []
    const fields = all.flatMap(({ name = '', type: each }): SqlField[] => {
      const type = sqlType(each)
      return type === undefined ? [] : [{ name, type }]
    })
    return fields.length < all.length ? undefined : { kind, fields }
  }
  const scalar = SCALARS[kind]
  return scalar === undefined ? undefined : { kind: scalar }
}
