import protobuf from 'protobufjs/light.js'

import type { ByteRange, SyntaxChild, SyntaxNode } from '../../analysis/syntax-tree.ts'

/**
 * Reads a decoded parse tree message of type `type` as a `SyntaxNode`. The type is needed because the
 * message alone does not say what kind of node stands in a field. GoogleSQL wraps a field that can hold
 * several kinds in `Any…Proto { oneof node }`, and keeps what a class inherits in a field `parent`.
 * Throws when the message is not such a tree.
 */
export function readSyntaxTree(type: protobuf.Type, message: unknown): SyntaxNode {
  const { type: actual, message: fields } = unwrap(type, asMessage(message))
  const attributes = new Map<string, string>()
  const children: SyntaxChild[] = []
  let range: ByteRange | undefined

  const collect = (declared: protobuf.Type, values: Message): void => {
    for (const field of declared.fieldsArray) {
      const value = values[field.name]
      if (value === undefined) continue
      const { resolvedType } = field
      if (field.name === 'parse_location_range') range = readRange(asMessage(value))
      else if (!(resolvedType instanceof protobuf.Type)) attributes.set(field.name, asText(value))
      else if (field.name === 'parent') collect(resolvedType, asMessage(value))
      else {
        for (const each of Array.isArray(value) ? value : [value]) {
          children.push({ role: field.name, node: readSyntaxTree(resolvedType, each) })
        }
      }
    }
  }
  collect(actual, fields)
  return { kind: actual.name.replace(/Proto$/, ''), range, attributes, children }
}

type Message = Readonly<Record<string, unknown>>

/** Follows `Any…Proto` wrappers to the node in them; an empty one is left for the reader to refuse. */
function unwrap(
  type: protobuf.Type,
  message: Message,
): { readonly type: protobuf.Type; readonly message: Message } {
  const tag = message['node']
  if (!type.name.startsWith('Any') || typeof tag !== 'string') return { type, message }
  const inner = type.fields[tag]?.resolvedType
  if (!(inner instanceof protobuf.Type))
    throw new Error(`no message \`${tag}\` in \`${type.name}\``)
  return unwrap(inner, asMessage(message[tag]))
}

function readRange(message: Message): ByteRange {
  const { start = 0, end = 0 } = message
  if (typeof start !== 'number' || typeof end !== 'number') throw new Error('not a location')
  return { start, end }
}

function asMessage(value: unknown): Message {
  if (typeof value !== 'object' || value === null) throw new Error('not a parse tree')
  return { ...value }
}

/** Numbers and flags as JSON writes them. */
function asText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return JSON.stringify(value)
  throw new Error('not an attribute of a parse tree')
}
