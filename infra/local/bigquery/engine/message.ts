/** A protocol buffer message as GoogleSQL's adapter gives it: proto field names, nothing unset. */
export type Message = Readonly<Record<string, unknown>>

/** Whether this is a message (and not a scalar, a list or bytes). */
export function isMessage(value: unknown): value is Message {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array)
  )
}

/** The message at a path of field names; empty when something on the way is not set. */
export function messageAt(value: unknown, ...path: readonly string[]): Message {
  let at: unknown = value
  for (const name of path) at = isMessage(at) ? at[name] : undefined
  return isMessage(at) ? at : {}
}

/** The repeated message field of this name. */
export function listOf(value: unknown, name: string): readonly Message[] {
  const list = isMessage(value) ? value[name] : undefined
  return Array.isArray(list) ? list.filter(isMessage) : []
}

/** The repeated string field of this name. */
export function textsOf(value: unknown, name: string): readonly string[] {
  const list = isMessage(value) ? value[name] : undefined
  return Array.isArray(list) ? list.map(String) : []
}

/** The string field of this name; empty when it is not set. */
export function textOf(value: unknown, name: string): string {
  const text = isMessage(value) ? value[name] : undefined
  return typeof text === 'string' ? text : ''
}

/**
 * A node of GoogleSQL's syntax trees comes wrapped in its class hierarchy: `{ node: 'a', a: { node: 'b',
 * b: … } }`. This is the innermost name and message.
 */
export function unwrap(value: unknown): readonly [name: string, node: Message] {
  let name = ''
  let node = messageAt(value)
  for (;;) {
    const inner = node['node']
    if (typeof inner !== 'string' || !isMessage(node[inner])) return [name, node]
    name = inner
    node = messageAt(node, inner)
  }
}

/** The field of this name, of the node or of the base classes it keeps under `parent`. */
export function inherited(node: Message, name: string): unknown {
  for (let at = node; ; at = messageAt(at, 'parent')) {
    if (at[name] !== undefined || !isMessage(at['parent'])) return at[name]
  }
}

/** Where a node stands in the SQL, in bytes from its start. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** The place of a node, or undefined when GoogleSQL recorded none. */
export function rangeOf(node: Message): Range | undefined {
  const range = inherited(node, 'parse_location_range')
  if (!isMessage(range) || typeof range['end'] !== 'number') return undefined
  return { start: typeof range['start'] === 'number' ? range['start'] : 0, end: range['end'] }
}

/** Calls `visit` for every message below `value`, parents first, with the name of the field it is in. */
export function walk(value: unknown, visit: (node: Message, field: string) => void): void {
  // A stack of our own: a long chain of operators nests deeper than JavaScript's.
  const open: { readonly at: unknown; readonly field: string }[] = [{ at: value, field: '' }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { at, field } = next
    if (Array.isArray(at)) open.push(...at.map((item) => ({ at: item, field })).toReversed())
    else if (isMessage(at)) {
      visit(at, field)
      const inner = Object.entries(at).map(([name, each]) => ({ at: each, field: name }))
      open.push(...inner.toReversed())
    }
  }
}
