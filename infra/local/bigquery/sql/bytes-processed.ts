import type { Table } from '../catalog/relation.ts'
import { logicalSize } from '../values/logical-size.ts'
import type { Read } from './runnable.ts'

const MEBIBYTE = 1_048_576
const sizes = new WeakMap<Table, Map<string, number>>()

/** The bytes BigQuery would say that a query processes: the columns it reads, whole, each once. */
export function bytesProcessed(reads: readonly Read[]): number {
  const columns = new Map<Table, Set<string>>()
  for (const { table, columns: read } of reads) {
    columns.set(table, new Set([...(columns.get(table) ?? []), ...read]))
  }
  let total = 0
  for (const [table, names] of columns) for (const name of names) total += columnSize(table, name)
  return total
}

/** What BigQuery bills for so many bytes of so many tables: whole mebibytes, ten for each table at least. */
export function bytesBilled(processed: number, tables: number): number {
  if (processed === 0) return 0
  const rounded = Math.ceil(processed / MEBIBYTE) * MEBIBYTE
  return Math.max(rounded, Math.max(tables, 1) * 10 * MEBIBYTE)
}

/** The logical bytes of a table. */
export function tableBytes(table: Table): number {
  return bytesProcessed([{ table, columns: table.columns.map(({ name }) => name) }])
}

function columnSize(table: Table, name: string): number {
  const known = sizes.get(table) ?? new Map<string, number>()
  sizes.set(table, known)
  const size = known.get(name) ?? measure(table, name)
  known.set(name, size)
  return size
}

function measure(table: Table, name: string): number {
  const index = table.columns.findIndex((column) => column.name === name)
  const type = table.columns[index]?.type
  if (type === undefined) return 0
  return table.rows.reduce((total, row) => total + logicalSize(type, row[index] ?? {}), 0)
}
