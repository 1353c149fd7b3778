import { approvalBounds } from './approval-bounds.ts'
import { approvalFindings } from './approval-findings.ts'
import { UNLISTED_POLICY_TAG } from './governance.ts'
import { governedTwice } from './governed-twice.ts'
import { namedApprovals } from './named-approvals.ts'
import { didYouMean } from './nearest.ts'
import { peopleFindings } from './people-findings.ts'
import type { YamlFile } from './read-yaml.ts'
import { recordFindings } from './record-findings.ts'
import { repeated } from './repeated.ts'
import { rolesFindings } from './roles-findings.ts'
import { slackFindings } from './slack-findings.ts'
import { textsAt, valuesAt } from './values-at.ts'
import type { Finding } from './yaml-tree.ts'

/**
 * What parts of the file say that does not go together, as far as they can be read at all: the rest
 * of the file may be wrong in ways the schema reports.
 */
export function crossCheck(file: YamlFile): readonly Finding[] {
  return [
    ...REPEATED.flatMap(([pattern, message]) =>
      repeated(file, textsAt(file.value, pattern), message),
    ),
    ...idleKeys(file),
    ...unknownTags(file),
    ...governedTwice(file),
    ...approvalFindings(file),
    ...approvalBounds(file),
    ...namedApprovals(file),
    ...peopleFindings(file),
    ...slackFindings(file),
    ...recordFindings(file),
    ...rolesFindings(file),
  ]
}

/** What may stand once only. */
const REPEATED: readonly (readonly [readonly string[], string])[] = [
  [['issuers', '*', 'issuer'], 'the issuer is listed twice'],
  [['connections', '*', 'id'], 'the id of a connection is used twice'],
  [['connections', '*', 'projects', '*'], 'a project belongs to one connection'],
  [['approvals', '*', 'id'], 'the id of an approval is used twice'],
  [['people', '*', 'slackUser'], 'a Slack user is one person'],
  [['record', 'retention', 'classes', '*', 'id'], 'the id of a retention class is used twice'],
  [['rules', '*', 'id'], 'the id of a rule is used twice'],
]

/** What a rule demands of a query that runs, by what a deny rule would make of it. */
const IDLE = {
  maximumBytesBilled: 'it limits nothing',
  maximumRows: 'it limits nothing',
  justification: 'it asks for none',
  unmask: 'it shows nothing',
}

function idleKeys(file: YamlFile): readonly Finding[] {
  return textsAt(file.value, ['rules', '*', 'effect']).flatMap(({ path, text }) => {
    if (text !== 'deny') return []
    return Object.entries(IDLE).flatMap(([key, why]) => {
      const at = [...path.slice(0, -1), key]
      const place = file.at(at)
      if (place === undefined) return []
      const message = `a deny rule permits nothing, so ${why}`
      return [{ span: place.key ?? place.span, path: at, message }]
    })
  })
}

/** Tags that policy puts on columns: the only ones that rules can mean. */
export function namedTags(file: YamlFile): ReadonlySet<string> {
  const patterns = [
    ['data', '*', 'tags', '*'],
    ['policyTags', '*', 'tags', '*'],
  ]
  const texts = patterns.flatMap((pattern) => textsAt(file.value, pattern))
  const unlisted = file.at(['policyTags']) === undefined ? [] : [UNLISTED_POLICY_TAG]
  return new Set([...texts.map(({ text }) => text), ...unlisted])
}

function unknownTags(file: YamlFile): readonly Finding[] {
  const known = [...namedTags(file)].filter((tag) => tag !== UNLISTED_POLICY_TAG)
  const named = [
    ...textsAt(file.value, ['rules', '*', 'unmask', '*']),
    ...valuesAt(file.value, ['oracles', 'tags', '*']).map(({ path }) => ({
      path,
      text: String(path.at(-1)),
    })),
  ]
  return named.flatMap(({ path, text }) => {
    if (known.includes(text)) return []
    const place = file.at(path)
    const message = `no column of \`data\` or \`policyTags\` has this tag: \`${text}\``
    return [
      {
        span: place?.key ?? file.spanOf(path),
        path,
        message: `${message}${didYouMean(text, known)}`,
      },
    ]
  })
}

/** Claims that issuers are told to look at or to keep: the only ones that conditions get to see. */
export function namedClaims(file: YamlFile): ReadonlySet<string> {
  const patterns = [
    ['issuers', '*', 'requiredClaims', '*'],
    ['issuers', '*', 'groupMappings', '*', 'when', '*'],
  ]
  return new Set([
    ...patterns
      .flatMap((pattern) => valuesAt(file.value, pattern))
      .map(({ path }) => String(path.at(-1))),
    ...textsAt(file.value, ['issuers', '*', 'claims', 'record', '*']).map((claim) => claim.text),
  ])
}
