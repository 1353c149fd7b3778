import { approversSchema, fewestPeople } from './approvers-schema.ts'
import type { Path } from './policy-problem.ts'
import { duration } from './quantity.ts'
import type { YamlFile } from './read-yaml.ts'
import { textsAt, valuesAt } from './values-at.ts'
import type { Finding } from './yaml-tree.ts'

/** Numbers and times of an approval that do not go together, as far as each of them can be read. */
export function approvalBounds(file: YamlFile): readonly Finding[] {
  return valuesAt(file.value, ['approvals', '*']).flatMap(({ path, value }) => [
    ...tooLate(file, value, path),
    ...tooFew(file, value, path),
  ])
}

/** What would happen once the request is over. */
function tooLate(file: YamlFile, entry: unknown, at: Path): readonly Finding[] {
  const [written = { text: '1h' }] = textsAt(entry, ['wait'])
  const wait = duration.safeParse(written.text)
  if (!wait.success) return []
  const times = [
    ...textsAt(entry, ['reminders', '*'], at),
    ...textsAt(entry, ['escalation', 'after'], at),
  ]
  return times.flatMap(({ path, text }) => {
    const after = duration.safeParse(text)
    if (!after.success || after.data < wait.data) return []
    const message = `must be shorter than \`wait\`, \`${written.text}\``
    return [{ span: file.spanOf(path), path, message }]
  })
}

function tooFew(file: YamlFile, entry: unknown, at: Path): readonly Finding[] {
  const approvers = approversSchema.safeParse(valuesAt(entry, ['approvers'])[0]?.value)
  if (!approvers.success) return []
  const fewest = fewestPeople(approvers.data)
  return valuesAt(entry, ['quorum'], at).flatMap(({ path, value }) => {
    if (typeof value !== 'number' || value < 1 || value >= fewest) return []
    const message = `\`approvers\` need more people anyway: \`${fewest}\``
    return [{ span: file.spanOf(path), path, message }]
  })
}
