import type { CallDocument } from './search-document.ts'

/** Tables that a call reads of which a column is under a mask; all that it reads where policy has tags on what it reads. */
export function governedTables({ tables, masked, tags }: CallDocument): readonly string[] {
  if (tags.length > 0) return tables
  const columns = masked.map(({ column }) => column.toLowerCase())
  return tables.filter((table) =>
    columns.some((column) => column.startsWith(`${table.toLowerCase()}.`)),
  )
}
