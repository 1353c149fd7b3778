import type { Message } from '../engine/message.ts'

/**
 * A SQL value as GoogleSQL's protocol carries it (`ValueProto`): one member named after its type, or
 * none for NULL. Tables keep their rows like this, so that nothing is converted on the way to the
 * engine and back.
 */
export type Value = Message

/** One value for each column. */
export type Row = readonly Value[]

/** SQL NULL. */
export const NULL: Value = {}

/** Whether a value is SQL NULL. */
export function isNull(value: Value): boolean {
  for (const name in value) if (name !== 'value' && value[name] !== undefined) return false
  return true
}
