import type protobuf from 'protobufjs/light.js'

import type { ScalarType, SqlType } from '../../bigquery/sql-type.ts'

const SCALARS: readonly ScalarType[] = [
  'BIGNUMERIC',
  'BOOL',
  'BYTES',
  'DATE',
  'DATETIME',
  'FLOAT64',
  'GEOGRAPHY',
  'INT64',
  'INTERVAL',
  'JSON',
  'NUMERIC',
  'STRING',
  'TIME',
  'TIMESTAMP',
]

/** The type as a plain `TypeProto`. */
export function typeProto(type: SqlType): object {
  const type_kind = type.kind === 'FLOAT64' ? 'TYPE_DOUBLE' : `TYPE_${type.kind}`
  if (type.kind === 'ARRAY') {
    return { type_kind, array_type: { element_type: typeProto(type.element) } }
  }
  if (type.kind === 'RANGE') {
    return { type_kind, range_type: { element_type: typeProto(type.element) } }
  }
  if (type.kind !== 'STRUCT') return { type_kind }
  const field = type.fields.map((each) => ({
    field_name: each.name,
    field_type: typeProto(each.type),
  }))
  return { type_kind, struct_type: { field } }
}

/** The type in the bytes of a `TypeProto`; undefined when it is, or holds, one that BigQuery does not have. */
export function readType(type: protobuf.Type, bytes: Uint8Array): SqlType | undefined {
  const plain: unknown = type.toObject(type.decode(bytes), { enums: String })
  return sqlType(plain)
}

function sqlType(proto: unknown): SqlType | undefined {
  const kind = text(member(proto, 'type_kind')).replace(/^TYPE_/, '')
  if (kind === 'ARRAY' || kind === 'RANGE') {
    const element = sqlType(member(member(proto, `${kind.toLowerCase()}_type`), 'element_type'))
    return element === undefined ? undefined : { kind, element }
  }
  if (kind === 'STRUCT') {
    const list = member(member(proto, 'struct_type'), 'field')
    const fields = (Array.isArray(list) ? list : []).map((field: unknown) => ({
      name: text(member(field, 'field_name')),
      type: sqlType(member(field, 'field_type')),
    }))
    const known = fields.flatMap(({ name, type }) => (type === undefined ? [] : [{ name, type }]))
    return known.length < fields.length ? undefined : { kind, fields: known }
  }
  const name = kind === 'DOUBLE' ? 'FLOAT64' : kind
  const scalar = SCALARS.find((each) => each === name)
  return scalar === undefined ? undefined : { kind: scalar }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? new Map<string, unknown>(Object.entries(value)).get(name)
    : undefined
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
