import { listOf, type Message, messageAt, textOf } from '../engine/message.ts'
import { cannot } from '../errors.ts'
import { scalarKind, type SqlType } from './sql-type.ts'

/** The type as GoogleSQL's `TypeProto`. */
export function typeProto(type: SqlType): Message {
  switch (type.kind) {
    case 'ARRAY':
      return { type_kind: 'TYPE_ARRAY', array_type: { element_type: typeProto(type.element) } }
    case 'RANGE':
      return { type_kind: 'TYPE_RANGE', range_type: { element_type: typeProto(type.element) } }
    case 'STRUCT': {
      const field = type.fields.map((each) => ({
        field_name: each.name,
        field_type: typeProto(each.type),
      }))
      return { type_kind: 'TYPE_STRUCT', struct_type: { field } }
    }
    case 'FLOAT64':
      return { type_kind: 'TYPE_DOUBLE' }
    default:
      return { type_kind: `TYPE_${type.kind}` }
  }
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
