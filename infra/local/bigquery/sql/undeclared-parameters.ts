import type { Parameters } from '../engine/engine.ts'
import { inherited, messageAt, type Message, textOf, walk } from '../engine/message.ts'
import type { SqlType } from '../types/sql-type.ts'
import { typeOfProto } from '../types/type-proto.ts'

/** A parameter that the SQL uses and the request does not declare, with the type GoogleSQL guessed. */
export interface UndeclaredParameter {
  /** Empty for a positional one. */
  readonly name: string
  readonly type: SqlType
}

/** The undeclared parameters in an `AnalyzeResponse`, each once, in order. */
export function undeclaredParameters(
  reply: Message,
  { declared }: Parameters,
): readonly UndeclaredParameter[] {
  const names = new Set(declared.map(({ name }) => name.toLowerCase()))
  const found = new Map<string, UndeclaredParameter>()
  walk(reply, (node, field) => {
    if (field !== 'resolved_parameter_node') return
    const name = textOf(node, 'name')
    const key = name === '' ? String(node['position'] ?? 0).padStart(6, '0') : name.toLowerCase()
    if (name === '' ? declared.length > 0 : names.has(key)) return
    const type = typeOfProto(messageAt(inherited(node, 'type')))
    // Of several uses, one that says nothing about the type counts least.
    if (node['is_untyped'] !== true || !found.has(key)) found.set(key, { name, type })
  })
  return [...found.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each)
}
