import protobuf from 'protobufjs/light.js'

import type { ResolvedColumn, ResolvedNode } from '../../analysis/resolved-tree.ts'
import type { SqlType } from '../../bigquery/sql-type.ts'
import { readType } from './type-proto.ts'

/**
 * Reads the resolved statement in a reply of type `reply`. `Any…Proto { oneof node }` and `parent` do not
 * show in the result. Straight from the wire: building every message first takes several times as long.
 * Throws when the bytes hold no such tree, or a field that the descriptor does not have.
 */
export function readResolvedTree(reply: protobuf.Type, bytes: Uint8Array): ResolvedNode {
  const reader = protobuf.Reader.create(bytes)
  while (reader.pos < bytes.length) {
    const { field, end } = readTag(reply, reader)
    if (field.name === 'resolved_statement' && field.resolvedType instanceof protobuf.Type)
      return readNode(field.resolvedType, reader, end, new Map())
    skip(field, reader, end)
  }
  throw new Error('no resolved statement')
}

/** Types by their bytes: most columns of a statement share a few. */
type Types = Map<string, SqlType | undefined>

interface Draft {
  readonly nodes: Map<string, ResolvedNode[]>
  readonly columns: Map<string, ResolvedColumn[]>
  readonly texts: Map<string, string[]>
  type: SqlType | undefined
}

function readNode(
  type: protobuf.Type,
  reader: protobuf.Reader,
  end: number,
  types: Types,
): ResolvedNode {
  if (type.name.startsWith('Any')) {
    const { field, end: innerEnd } = readTag(type, reader)
    if (!(field.resolvedType instanceof protobuf.Type) || innerEnd !== end)
      throw new Error('not one node')
    return readNode(field.resolvedType, reader, end, types)
  }
  const draft: Draft = { nodes: new Map(), columns: new Map(), texts: new Map(), type: undefined }
  readFields(type, reader, end, draft, types)
  return { kind: type.name.replace(/Proto$/, ''), ...draft }
}

function readFields(
  type: protobuf.Type,
  reader: protobuf.Reader,
  end: number,
  draft: Draft,
  types: Types,
): void {
  while (reader.pos < end) {
    const { field, end: fieldEnd } = readTag(type, reader)
    const inner = field.resolvedType
    if (!(inner instanceof protobuf.Type)) readScalars(field, reader, draft)
    else if (field.name === 'parent') readFields(inner, reader, fieldEnd, draft, types)
    else if (inner.name === 'ResolvedColumnProto')
      push(draft.columns, field.name, readColumn(inner, reader, fieldEnd, types))
    else if (/^(?:Any)?Resolved/.test(inner.name))
      push(draft.nodes, field.name, readNode(inner, reader, fieldEnd, types))
    else if (inner.name === 'TypeProto') draft.type = typeAt(inner, reader, fieldEnd, types)
    else if (reader.pos < fieldEnd)
      push(draft.texts, field.name, readReference(inner, reader, fieldEnd))
    if (reader.pos > fieldEnd && inner instanceof protobuf.Type) throw new Error('not a tree')
  }
  if (reader.pos !== end) throw new Error('not a resolved tree')
}

function push<T>(into: Map<string, T[]>, name: string, value: T): void {
  const list = into.get(name)
  if (list === undefined) into.set(name, [value])
  else list.push(value)
}

function readTag(
  type: protobuf.Type,
  reader: protobuf.Reader,
): { readonly field: protobuf.Field; readonly end: number } {
  const tag = reader.uint32()
  const field = type.fieldsById[tag >>> 3]?.resolve()
  // Fail closed: a field that the descriptor does not have may be what matters.
  if (field === undefined) throw new Error(`unknown field in \`${type.name}\``)
  // 2: a length and that many bytes; a packed list too.
  const isMessage = field.resolvedType instanceof protobuf.Type
  const packed = (tag & 7) === 2 && !isMessage && field.type !== 'string' && field.type !== 'bytes'
  if (packed) throw new Error(`packed field in \`${type.name}\``)
  const length = isMessage ? reader.uint32() : 0
  return { field, end: reader.pos + length }
}

function readScalars(field: protobuf.Field, reader: protobuf.Reader, draft: Draft): void {
  const value = readScalar(field, reader)
  // A flag that is not set says nothing.
  if (value !== 'false') push(draft.texts, field.name, value)
}

function readScalar(field: protobuf.Field, reader: protobuf.Reader): string {
  if (field.resolvedType instanceof protobuf.Enum) {
    const number = reader.int32()
    return field.resolvedType.valuesById[number] ?? String(number)
  }
  switch (field.type) {
    case 'string':
      return reader.string()
    case 'bool':
      return reader.bool() ? 'true' : 'false'
    case 'int32':
    case 'int64':
      // Ids and positions: well within 32 bits.
      return reader.int32().toString()
    default:
      throw new Error(`unexpected \`${field.type}\` in a resolved tree`)
  }
}

function readColumn(
  type: protobuf.Type,
  reader: protobuf.Reader,
  end: number,
  types: Types,
): ResolvedColumn {
  let [id, name, found]: [string, string, SqlType | undefined] = ['', '', undefined]
  while (reader.pos < end) {
    const { field, end: fieldEnd } = readTag(type, reader)
    if (field.resolvedType instanceof protobuf.Type && field.name === 'type')
      found = typeAt(field.resolvedType, reader, fieldEnd, types)
    else if (field.name === 'column_id') id = readScalar(field, reader)
    else if (field.name === 'name') name = readScalar(field, reader)
    else skip(field, reader, fieldEnd)
  }
  return { id, name, type: found }
}

function typeAt(
  type: protobuf.Type,
  reader: protobuf.Reader,
  end: number,
  types: Types,
): SqlType | undefined {
  const bytes = reader.buf.subarray(reader.pos, end)
  reader.pos = end
  const key = Buffer.from(bytes).toString('latin1')
  const known = types.get(key)
  if (known !== undefined) return known
  const found = readType(type, bytes)
  types.set(key, found)
  return found
}

/** What a reference names: of a table its full name and number. Of other messages: that they are there. */
function readReference(type: protobuf.Type, reader: protobuf.Reader, end: number): string {
  if (!type.name.endsWith('RefProto')) {
    reader.pos = end
    return type.name
  }
  const values = new Map<string, string>()
  while (reader.pos < end) {
    const { field, end: fieldEnd } = readTag(type, reader)
    if (field.resolvedType instanceof protobuf.Type) reader.pos = fieldEnd
    else values.set(field.name, readScalar(field, reader))
  }
  return type.name === 'TableRefProto'
    ? `${values.get('full_name') ?? ''} ${values.get('serialization_id') ?? ''}`
    : (values.get('name') ?? '')
}

function skip(field: protobuf.Field, reader: protobuf.Reader, end: number): void {
  if (field.resolvedType instanceof protobuf.Type) reader.pos = end
  else readScalar(field, reader)
}
