import { type Result, err, ok } from '../kernel/result.ts'

/** Where the members of a JSON object are in its bytes. */
export interface ScannedReply {
  /** Bytes of each top-level value, without copying. */
  readonly members: ReadonlyMap<string, Buffer>
  /** Number of elements of the top-level array `rows`; 0 without one. */
  readonly rows: number
}

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BACKSLASH = 0x5c
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** A reply is looked at while its job is waited for, and again when it is masked. */
const scanned = new WeakMap<Buffer, Result<ScannedReply, 'unexpected-shape'>>()

/**
 * Finds the top-level members of a reply in its bytes and counts its rows, so that a 5 MB page is
 * read once and never parsed. The bytes must not change afterwards.
 *
 * Returns an error for anything that is not one JSON object with distinct keys. It does not validate
 * what is inside the values: whoever looks inside parses them.
 */
export function scanReply(bytes: Buffer): Result<ScannedReply, 'unexpected-shape'> {
  const known = scanned.get(bytes)
  if (known !== undefined) return known
  const reply = scan(bytes)
  scanned.set(bytes, reply)
  return reply
}

function scan(bytes: Buffer): Result<ScannedReply, 'unexpected-shape'> {
  const members = new Map<string, Buffer>()
  let rows = 0
  let i = skipSpace(bytes, 0)
  if (bytes[i] !== OPEN_OBJECT) return err('unexpected-shape')
  i = skipSpace(bytes, i + 1)
  if (bytes[i] === CLOSE_OBJECT) return end(bytes, i, { members, rows })
  for (;;) {
    if (bytes[i] !== QUOTE) return err('unexpected-shape')
    const keyEnd = stringEnd(bytes, i)
    const key = bytes.toString('utf8', i + 1, keyEnd - 1)
    // An escaped key could spell a known name in a way this scanner does not see.
    if (key.includes('\\') || members.has(key)) return err('unexpected-shape')
    i = skipSpace(bytes, keyEnd)
    if (bytes[i] !== COLON) return err('unexpected-shape')
    const start = skipSpace(bytes, i + 1)
    const value = valueEnd(bytes, start)
    if (value.end <= start) return err('unexpected-shape')
    members.set(key, bytes.subarray(start, value.end))
    if (key === 'rows') rows = value.elements
    i = skipSpace(bytes, value.end)
    if (bytes[i] === CLOSE_OBJECT) return end(bytes, i, { members, rows })
    if (bytes[i] !== COMMA) return err('unexpected-shape')
    i = skipSpace(bytes, i + 1)
  }
}

function end(
  bytes: Buffer,
  close: number,
  reply: ScannedReply,
): Result<ScannedReply, 'unexpected-shape'> {
  return skipSpace(bytes, close + 1) === bytes.length ? ok(reply) : err('unexpected-shape')
}

function skipSpace(bytes: Buffer, from: number): number {
  let i = from
  while (bytes[i] === 0x20 || bytes[i] === 0x0a || bytes[i] === 0x0d || bytes[i] === 0x09) i++
  return i
}

/** Index after the closing quote of the string that opens at `open`. */
function stringEnd(bytes: Buffer, open: number): number {
  let i = open + 1
  for (;;) {
    const byte = bytes[i]
    if (byte === QUOTE) return i + 1
    if (byte === undefined) return i
    i += byte === BACKSLASH ? 2 : 1
  }
}

/** Index after the value that starts at `start`, and how many elements it has if it is an array. */
function valueEnd(bytes: Buffer, start: number): { end: number; elements: number } {
  const first = bytes[start]
  if (first === QUOTE) return { end: stringEnd(bytes, start), elements: 0 }
  if (first !== OPEN_OBJECT && first !== OPEN_ARRAY) {
    let i = start
    while (i < bytes.length && isScalar(bytes[i])) i++
    return { end: i, elements: 0 }
  }
  let depth = 0
  let commas = 0
  let empty = true
  for (let i = start; i < bytes.length; i++) {
    const byte = bytes[i]
    if (byte === QUOTE) {
      i = stringEnd(bytes, i) - 1
      empty = false
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      depth++
      if (depth > 1) empty = false
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      depth--
      if (depth === 0)
        return { end: i + 1, elements: empty || first === OPEN_OBJECT ? 0 : commas + 1 }
    } else if (byte === COMMA) {
      if (depth === 1) commas++
    } else if (depth === 1 && isScalar(byte)) empty = false
  }
  return { end: start, elements: 0 }
}

/** Whether a byte can be part of a number, `true`, `false` or `null`. */
function isScalar(byte: number | undefined): boolean {
  return (
    byte !== undefined &&
    ((byte >= 0x30 && byte <= 0x39) ||
      (byte >= 0x61 && byte <= 0x7a) ||
      byte === 0x2b ||
      byte === 0x2d ||
      byte === 0x2e ||
      byte === 0x45)
  )
}
