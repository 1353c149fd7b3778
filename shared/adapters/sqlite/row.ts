import type { SQLOutputValue } from 'node:sqlite'

export type Row = Record<string, SQLOutputValue>

/** The text in a column. Throws when it holds something else: the tables are STRICT. */
export function text(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw new TypeError(`no text in column \`${column}\``)
  return value
}

/** The safe integer in a column. */
export function integer(row: Row, column: string): number {
  const value = row[column]
  if (typeof value !== 'number') throw new TypeError(`no integer in column \`${column}\``)
  return value
}

/** The bytes in a column. */
export function blob(row: Row, column: string): Buffer {
  const value = row[column]
  if (!(value instanceof Uint8Array)) throw new TypeError(`no bytes in column \`${column}\``)
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
}
