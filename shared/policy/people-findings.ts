import { principalKey } from '../identity/principal.ts'
import { namedIssuer } from './named-issuer.ts'
import type { YamlFile } from './read-yaml.ts'
import { repeated } from './repeated.ts'
import { textsAt, valuesAt } from './values-at.ts'
import { withoutRole } from './without-role.ts'
import type { Finding } from './yaml-tree.ts'

/** What `people` says that the rest of the file does not bear out. */
export function peopleFindings(file: YamlFile): readonly Finding[] {
  const accounts = valuesAt(file.value, ['people', '*', 'accounts', '*']).flatMap(
    ({ path, value }) =>
      textsAt(value, ['issuer']).flatMap(({ text: issuer }) =>
        textsAt(value, ['sub']).map(({ text: subject }) => ({
          path,
          text: principalKey({ issuer, subject }),
        })),
      ),
  )
  return [
    ...repeated(file, accounts, 'an account belongs to one person'),
    ...namedIssuer(file, ['people', '*', 'accounts', '*', 'issuer']),
    ...withoutRole(file, [['people', '*', 'groups', '*']]),
  ]
}
