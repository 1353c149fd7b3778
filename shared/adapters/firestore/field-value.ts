import type { Value } from './client.ts'

/** What our fields hold: text, safe integers, bytes, times and lists of texts. */
export type FieldValue = string | number | Buffer | Date | readonly string[]

/** A value as Firestore's API writes it. */
export function toValue(value: FieldValue): Value {
  if (value instanceof Date) {
    const milliseconds = value.getTime()
    const seconds = Math.floor(milliseconds / 1000)
    return { timestampValue: { seconds, nanos: (milliseconds - seconds * 1000) * 1_000_000 } }
  }
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'number') return { integerValue: value }
  if (Buffer.isBuffer(value)) return { bytesValue: value }
  return { arrayValue: { values: value.map(toValue) } }
}
