const MAX_DEPTH = 96

/** Printable ASCII but `"` and `\`. */
const NOTHING_TO_ESCAPE = /^[ !#-[\]-~]*$/

/**
 * The canonical JSON text of a value: RFC 8785 restricted to plain objects, arrays, booleans, null,
 * well-formed strings and safe integers. Members that are `undefined` are absent; decimals and
 * 64-bit integers travel as strings.
 *
 * Throws `TypeError` for anything else (floats, -0, lone surrogates, class instances, more than 96
 * levels), because two readers might not agree on its bytes.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0)
}

function write(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) throw new TypeError(`canonical JSON nests deeper than ${MAX_DEPTH}`)
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') {
    // Nearly every string is, and JSON then has it as it stands.
    if (NOTHING_TO_ESCAPE.test(value)) return `"${value}"`
    if (!value.isWellFormed()) throw new TypeError('canonical JSON holds only well-formed strings')
    return JSON.stringify(value)
  }
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Object.is(value, -0))
      throw new TypeError('canonical JSON holds only safe integers')
    return String(value)
  }
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(',')}]`
  if (typeof value === 'object' && isPlain(value)) {
    let members = ''
    // RFC 8785 §3.2.3: keys are compared as UTF-16 code units, which is how JavaScript sorts.
    for (const key of Object.keys(value).toSorted()) {
      const member = value[key]
      if (member === undefined) continue
      const comma = members === '' ? '' : ','
      members += `${comma}${write(key, depth)}:${write(member, depth + 1)}`
    }
    return `{${members}}`
  }
  throw new TypeError(`canonical JSON cannot hold a ${typeof value}`)
}

function isPlain(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
