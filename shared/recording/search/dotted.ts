/** So many parts has the name of a column that is no field of another: project, dataset, table, column. */
const COLUMN_PARTS = 4
/** Fields nest deeper than anybody asks for. */
const MOST_PARTS = 12

/** A name, and what is left of it without its first parts: `a.b.c`, `b.c`, `c`. */
export function dottedSuffixes(name: string): readonly string[] {
  const parts = name.split('.')
  return parts.length > MOST_PARTS ? [name] : suffixes(parts)
}

/** The same of a column, and of every column that it is a field of. */
export function columnSuffixes(column: string): readonly string[] {
  const parts = column.split('.')
  if (parts.length > MOST_PARTS) return [column]
  const fields = Math.max(0, parts.length - COLUMN_PARTS)
  return Array.from({ length: fields + 1 }, (_, less) =>
    suffixes(parts.slice(0, parts.length - less)),
  ).flat()
}

function suffixes(parts: readonly string[]): readonly string[] {
  return parts.map((_, index) => parts.slice(index).join('.'))
}
