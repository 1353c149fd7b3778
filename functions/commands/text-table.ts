import { styleText } from 'node:util'

/** Rows under their heads, as wide as they have to be. Cells hold no line ends. Colours only on a terminal. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return `${[styleText('bold', line(head)), ...rows.map(line)].join('\n')}\n`
}
