import protobuf from 'protobufjs/light.js'

import type { ByteRange, SyntaxChild, SyntaxNode } from '../../analysis/syntax-tree.ts'

/**
 * Reads the parse tree in the one field of a reply of type `reply` as a `SyntaxNode`. GoogleSQL wraps a field that
 * can hold several kinds of nodes in `Any…Proto { oneof node }`, and keeps what a class inherits in a field
 * `parent`; neither shows in the result. Straight from the wire: a list of 100,000 literals is 1 MB, and
 * building every message first takes seconds. Throws when the bytes are not such a tree.
 */
export function readSyntaxTree(reply: protobuf.Type, bytes: Uint8Array): SyntaxNode {
  return readOnlyNode(reply, protobuf.Reader.create(bytes), bytes.length)
}

interface Draft {
  range: ByteRange | undefined
  attributes: Map<string, string> | undefined
  readonly children: SyntaxChild[]
}

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map()

function readNode(type: protobuf.Type, reader: protobuf.Reader, end: number): SyntaxNode {
  if (type.name.startsWith('Any')) return readOnlyNode(type, reader, end)
  const draft: Draft = { range: undefined, attributes: undefined, children: [] }
  readFields(type, reader, end, draft)
  const { range, attributes = NO_ATTRIBUTES, children } = draft
  return { kind: type.name.replace(/Proto$/, ''), range, attributes, children }
}

function readOnlyNode(type: protobuf.Type, reader: protobuf.Reader, end: number): SyntaxNode {
  const { field, end: innerEnd } = readTag(type, reader)
  const inner = field.resolvedType
  if (!(inner instanceof protobuf.Type) || innerEnd !== end) throw new Error('not one node')
  return readNode(inner, reader, end)
}

/** Reads the fields of one message into `draft`; those of `parent` too, as if they were its own. */
function readFields(type: protobuf.Type, reader: protobuf.Reader, end: number, draft: Draft): void {
  while (reader.pos < end) {
    const { field, end: fieldEnd } = readTag(type, reader)
    const inner = field.resolvedType
    if (!(inner instanceof protobuf.Type)) readAttribute(field, reader, draft)
    else if (field.name === 'parse_location_range') draft.range = readRange(inner, reader, fieldEnd)
    else if (field.name === 'parent') readFields(inner, reader, fieldEnd, draft)
    else draft.children.push({ role: field.name, node: readNode(inner, reader, fieldEnd) })
  }
  if (reader.pos !== end) throw new Error('not a parse tree')
}

/** Which field comes next; for a message, also where it ends. */
function readTag(
  type: protobuf.Type,
  reader: protobuf.Reader,
): { readonly field: protobuf.Field; readonly end: number } {
  const field = type.fieldsById[reader.uint32() >>> 3]?.resolve()
  // Fail closed: a field that the descriptor does not have may be what matters.
  if (field === undefined) throw new Error(`unknown field in \`${type.name}\``)
  const length = field.resolvedType instanceof protobuf.Type ? reader.uint32() : 0
  return { field, end: reader.pos + length }
}

function readAttribute(field: protobuf.Field, reader: protobuf.Reader, draft: Draft): void {
  const value = readScalar(field, reader)
  // A flag that is not set says nothing.
  if (value === 'false') return
  draft.attributes ??= new Map()
  draft.attributes.set(field.name, value)
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
      // Positions in a text: well within 32 bits.
      return reader.int32().toString()
    default:
      throw new Error(`unexpected \`${field.type}\` in a parse tree`)
  }
}

function readRange(type: protobuf.Type, reader: protobuf.Reader, end: number): ByteRange {
  const range = { start: 0, end: 0 }
  while (reader.pos < end) {
    const { field } = readTag(type, reader)
    const value = readScalar(field, reader)
    if (field.name === 'start' || field.name === 'end') range[field.name] = Number(value)
  }
  return range
}
