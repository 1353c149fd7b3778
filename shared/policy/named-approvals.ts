import { didYouMean } from './nearest.ts'
import type { Path } from './policy-problem.ts'
import type { YamlFile } from './read-yaml.ts'
import { textsAt } from './values-at.ts'
import type { Finding } from './yaml-tree.ts'

/** Whether what is held says by which entry of `approvals`, and nothing else does. */
export function namedApprovals(file: YamlFile): readonly Finding[] {
  return [...ofRules(file), ...ofOracles(file), ...unknownIds(file)]
}

function ofRules(file: YamlFile): readonly Finding[] {
  return textsAt(file.value, ['rules', '*', 'effect']).flatMap(({ path, text }) => {
    const at = [...path.slice(0, -1), 'approval']
    if (text === 'require-approval') return missing(file, at)
    return text === 'permit' || text === 'deny'
      ? idle(
          file,
          at,
          `only a rule that is \`require-approval\` has it, not one that is \`${text}\``,
        )
      : []
  })
}

function ofOracles(file: YamlFile): readonly Finding[] {
  const effects = [
    ...textsAt(file.value, ['oracles', 'default']),
    ...textsAt(file.value, ['oracles', 'tags', '*']),
  ]
  const at = ['oracles', 'approval']
  return effects.some(({ text }) => text === 'require-approval')
    ? missing(file, at)
    : idle(file, at, 'nothing in `oracles` is `require-approval`')
}

function missing(file: YamlFile, at: Path): readonly Finding[] {
  if (file.at(at) !== undefined) return []
  const message = 'missing key `approval`: which of `approvals` it takes'
  return [{ span: file.spanOf(at), path: at, message }]
}

function idle(file: YamlFile, at: Path, message: string): readonly Finding[] {
  const place = file.at(at)
  return place === undefined ? [] : [{ span: place.key ?? place.span, path: at, message }]
}

function unknownIds(file: YamlFile): readonly Finding[] {
  const known = textsAt(file.value, ['approvals', '*', 'id']).map(({ text }) => text)
  const named = [
    ...textsAt(file.value, ['rules', '*', 'approval']),
    ...textsAt(file.value, ['oracles', 'approval']),
  ]
  return named.flatMap(({ path, text }) => {
    if (known.includes(text)) return []
    const message = `no entry of \`approvals\` has this id: \`${text}\`${didYouMean(text, known)}`
    return [{ span: file.spanOf(path), path, message }]
  })
}
