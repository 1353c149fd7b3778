import type { Parameter } from '../engine/engine.ts'
import { inherited, messageAt, type Message, textOf, walk } from '../engine/message.ts'
import type { SqlType } from '../types/sql-type.ts'
import { typeOfProto } from '../types/type-proto.ts'
import { positionOf } from './stand-ins.ts'

/** A parameter that the SQL uses and the request does not declare, with the type GoogleSQL guessed. */
export interface UndeclaredParameter {
  /** Empty for a positional one. */
  readonly name: string
  readonly type: SqlType
}

/** The undeclared parameters in an `AnalyzeResponse`, each once, in order. */
export function undeclaredParameters(
  reply: Message,
  declared: readonly Parameter[],
): readonly UndeclaredParameter[] {
  const names = new Set(declared.map(({ name }) => name.toLowerCase()))
  const found = new Map<string, UndeclaredParameter>()
  walk(reply, (node, field) => {
    if (field !== 'resolved_parameter_node') return
    const given = textOf(node, 'name')
    const key = given.toLowerCase()
    if (names.has(key)) return
    const name = positionOf(given) === undefined ? given : ''
    const type = typeOfProto(messageAt(inherited(node, 'type')))
    // Of several uses, one that says nothing about the type counts least.
    if (node['is_untyped'] !== true || !found.has(key)) found.set(key, { name, type })
  })
  return [...found.entries()]
    .toSorted(([a], [b]) => (place(a) < place(b) ? -1 : 1))
    .map(([, each]) => each)
}

function place(key: string): string | number {
  return positionOf(key) ?? key
}
