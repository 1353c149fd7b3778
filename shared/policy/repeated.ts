import type { Path } from './policy-problem.ts'
import type { YamlFile } from './read-yaml.ts'
import type { Finding } from './yaml-tree.ts'

/** A finding for each of these texts that was there before, with the line where it was first. */
export function repeated(
  file: YamlFile,
  texts: readonly { readonly path: Path; readonly text: string }[],
  message: string,
): readonly Finding[] {
  const first = new Map<string, number>()
  return texts.flatMap(({ path, text }) => {
    const span = file.spanOf(path)
    const before = first.get(text)
    if (before === undefined) {
      first.set(text, span.start)
      return []
    }
    const { line } = file.positionOf(before)
    return [{ span, path, message: `${message}, first on line ${line}: \`${text}\`` }]
  })
}
