import { listOf, type Message, messageAt, textOf } from '../engine/message.ts'
import { cannot } from '../errors.ts'
import { scalarKind, type SqlType } from './sql-type.ts'

/** The type as GoogleSQL's `TypeProto`. */
export function typeProto(type: SqlType): Message {
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

/** The type a `TypeProto` names. Throws for a type that BigQuery does not have. */
export function typeOfProto(proto: Message): SqlType {
  const kind = textOf(proto, 'type_kind').replace(/^TYPE_/, '')
  switch (kind) {
    case 'ARRAY':
      return { kind, element: typeOfProto(messageAt(proto, 'array_type', 'element_type')) }
    case 'RANGE':
      return { kind, element: typeOfProto(messageAt(proto, 'range_type', 'element_type')) }
    case 'STRUCT':
      return {
        kind,
        fields: listOf(proto['struct_type'], 'field').map((field) => ({
          name: textOf(field, 'field_name'),
          type: typeOfProto(messageAt(field, 'field_type')),
        })),
      }
    default: {
      const scalar = kind === 'DOUBLE' ? 'FLOAT64' : scalarKind(kind)
      if (scalar === undefined) throw cannot(`values of type ${kind}`)
      return { kind: scalar }
    }
  }
}
