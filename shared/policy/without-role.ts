import { didYouMean } from './nearest.ts'
import type { YamlFile } from './read-yaml.ts'
import { textsAt, valuesAt } from './values-at.ts'
import type { Finding } from './yaml-tree.ts'

/** Groups at these places whose members may not approve. */
export function withoutRole(
  file: YamlFile,
  patterns: readonly (readonly string[])[],
): readonly Finding[] {
  const approving = valuesAt(file.value, ['roles', '*']).flatMap(({ path, value }) =>
    value === 'approver' || (Array.isArray(value) && value.includes('approver'))
      ? [String(path.at(-1))]
      : [],
  )
  return patterns
    .flatMap((pattern) => textsAt(file.value, pattern))
    .flatMap(({ path, text }) => {
      if (text === '' || approving.includes(text)) return []
      const message = `\`roles\` does not make this group \`approver\`: \`${text}\``
      return [
        { span: file.spanOf(path), path, message: `${message}${didYouMean(text, approving)}` },
      ]
    })
}
