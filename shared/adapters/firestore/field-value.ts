import type { Value } from './client.ts'
import { timestamp } from './timestamp.ts'

/** What our fields hold: text, safe integers, bytes, times and lists of texts. */
export type FieldValue = string | number | Buffer | Date | readonly string[]

/** A value as Firestore's API writes it. */
export function toValue(value: FieldValue): Value {
  if (value instanceof Date) return { timestampValue: timestamp(value.getTime() * 1000) }
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'number') return { integerValue: String(value) }
  if (Buffer.isBuffer(value)) return { bytesValue: value.toString('base64') }
  return { arrayValue: { values: value.map(toValue) } }
}
