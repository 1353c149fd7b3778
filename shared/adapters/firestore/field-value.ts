import type { Value } from './client.ts'

/** What our fields hold: text, safe integers and bytes. */
export type FieldValue = string | number | Buffer

/** A value as Firestore's API writes it. */
export function toValue(value: FieldValue): Value {
  if (typeof value === 'string') return { stringValue: value }
  return typeof value === 'number' ? { integerValue: value } : { bytesValue: value }
}
