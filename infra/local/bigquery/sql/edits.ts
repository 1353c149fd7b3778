import type { Range } from '../engine/message.ts'

/** A piece of SQL to put in place of another. Positions are bytes. */
export interface Edit extends Range {
  readonly text: string
}

/** The SQL, or the part of it in `range`, with every edit made. Edits do not overlap. */
export function applyEdits(sql: string, edits: readonly Edit[], range?: Range): string {
  const bytes = Buffer.from(sql)
  const { start, end } = range ?? { start: 0, end: bytes.length }
  const parts: string[] = []
  let at = start
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    if (edit.start < at || edit.end > end) continue
    parts.push(bytes.toString('utf8', at, edit.start), edit.text)
    at = edit.end
  }
  parts.push(bytes.toString('utf8', at, end))
  return parts.join('')
}

/** Where the edited text has characters that the original has not: line and column there, from 1. */
export function shiftsOf(
  sql: string,
  edits: readonly Edit[],
): readonly { readonly line: number; readonly column: number; readonly by: number }[] {
  const bytes = Buffer.from(sql)
  let moved = { line: 0, by: 0 }
  return edits
    .toSorted((a, b) => a.start - b.start)
    .map((edit) => {
      const before = bytes.toString('utf8', 0, edit.start).split('\n')
      const line = before.length
      const already = moved.line === line ? moved.by : 0
      const column = (before.at(-1)?.length ?? 0) + 1 + already
      const by = edit.text.length - bytes.toString('utf8', edit.start, edit.end).length
      moved = { line, by: already + by }
      return { line, column, by }
    })
}
