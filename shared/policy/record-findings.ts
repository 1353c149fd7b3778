import type { YamlFile } from './read-yaml.ts'
import { repeated } from './repeated.ts'
import { textsAt, valuesAt } from './values-at.ts'
import type { Finding } from './yaml-tree.ts'

/** What `record` says that does not go together. */
export function recordFindings(file: YamlFile): readonly Finding[] {
  const keys = textsAt(file.value, ['record', 'witnesses', '*', 'key'])
  // Of two keys with one name a cosignature does not say whose it is.
  const names = keys.map(({ path, text }) => ({ path, text: text.split('+')[0] ?? '' }))
  return [
    ...repeated(file, names, 'the name of a witness is used twice'),
    ...beyondWitnesses(file, keys.length),
  ]
}

function beyondWitnesses(file: YamlFile, witnesses: number): readonly Finding[] {
  return valuesAt(file.value, ['record', 'quorum']).flatMap(({ path, value }) => {
    if (typeof value !== 'number' || value <= witnesses) return []
    const message = `more than there are \`witnesses\`: \`${value}\``
    return [{ span: file.spanOf(path), path, message }]
  })
}
