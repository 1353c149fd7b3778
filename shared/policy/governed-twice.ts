import { MAX_PATTERNS } from './data-schema.ts'
import type { Path } from './policy-problem.ts'
import type { YamlFile } from './read-yaml.ts'
import { textsAt, valuesAt } from './values-at.ts'
import type { Finding } from './yaml-tree.ts'

/** Two entries of `data` for the same names: who reads the first takes it for the whole answer. */
export function governedTwice(file: YamlFile): readonly Finding[] {
  const first = new Map<string, number>()
  return valuesAt(file.value, ['data', '*']).flatMap(({ path, value }) =>
    patternsAt(value, path, 'tables').flatMap((table) =>
      patternsAt(value, path, 'columns').flatMap((column) => {
        const name = `${table.text}.${column.text}`
        const key = name.toLowerCase()
        const span = file.spanOf(column.path)
        const before = first.get(key)
        if (before === undefined) {
          first.set(key, span.start)
          return []
        }
        const { line } = file.positionOf(before)
        const message = `governed twice, first on line ${line}: \`${name}\``
        return [{ span, path: column.path, message }]
      }),
    ),
  )
}

interface Pattern {
  readonly path: Path
  readonly text: string
}

/** A text, or a list of them; of a list that the schema refuses as too long no more than it allows. */
function patternsAt(entry: unknown, path: Path, key: string): readonly Pattern[] {
  return [...textsAt(entry, [key], path), ...textsAt(entry, [key, '*'], path)].slice(
    0,
    MAX_PATTERNS,
  )
}
