import type { YamlFile } from './read-yaml.ts'
import { valuesAt } from './values-at.ts'
import type { Finding } from './yaml-tree.ts'

/** Groups whose members could both say what the record keeps and have it erased. */
export function rolesFindings(file: YamlFile): readonly Finding[] {
  return valuesAt(file.value, ['roles', '*']).flatMap(({ path, value }) => {
    if (!Array.isArray(value)) return []
    if (!value.includes('policy-admin') || !value.includes('records-manager')) return []
    const message = 'nobody is both `policy-admin` and `records-manager`'
    return [{ span: file.spanOf(path), path, message }]
  })
}
