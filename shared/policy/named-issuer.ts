import { didYouMean } from './nearest.ts'
import type { YamlFile } from './read-yaml.ts'
import { textsAt } from './values-at.ts'
import type { Finding } from './yaml-tree.ts'

/** Issuers of accounts that are none of `issuers`: nobody could ever come with such an account. */
export function namedIssuer(file: YamlFile, pattern: readonly string[]): readonly Finding[] {
  const known = textsAt(file.value, ['issuers', '*', 'issuer']).map(({ text }) => text)
  return textsAt(file.value, pattern).flatMap(({ path, text }) => {
    if (text === '' || known.includes(text)) return []
    const message = `none of \`issuers\`: \`${text}\`${didYouMean(text, known)}`
    return [{ span: file.spanOf(path), path, message }]
  })
}
