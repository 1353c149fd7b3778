import { namedIssuer } from './named-issuer.ts'
import type { YamlFile } from './read-yaml.ts'
import { repeated } from './repeated.ts'
import { textsAt, valuesAt } from './values-at.ts'
import { withoutRole } from './without-role.ts'
import type { Finding } from './yaml-tree.ts'

/** What entries of `approvals` say of groups and machines that cannot be meant so. */
export function approvalFindings(file: YamlFile): readonly Finding[] {
  const entries = valuesAt(file.value, ['approvals', '*'])
  return [
    ...entries.flatMap(({ path, value }) =>
      VOTERS.flatMap((pattern) =>
        repeated(file, textsAt(value, pattern, path), 'the group is listed twice'),
      ),
    ),
    ...withoutRole(file, [
      ...VOTERS.map((pattern) => ['approvals', '*', ...pattern]),
      ['approvals', '*', 'escalation', 'group'],
    ]),
    ...namedIssuer(file, ['approvals', '*', 'machines', '*', 'issuer']),
    ...entries.flatMap(({ path, value }) => {
      const [exempt] = textsAt(value, ['breakGlass', 'group'], path)
      const voting = VOTERS.flatMap((pattern) => textsAt(value, pattern))
      if (exempt === undefined || voting.length === 0) return []
      if (voting.some(({ text }) => text !== exempt.text)) return []
      const message = `nobody else approves, so nobody else would look at it: \`${exempt.text}\``
      return [{ span: file.spanOf(exempt.path), path: exempt.path, message }]
    }),
  ]
}

const VOTERS = [
  ['approvers', 'anyOf', '*', 'group'],
  ['approvers', 'allOf', '*', 'group'],
]
