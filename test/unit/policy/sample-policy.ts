import { parsePolicy } from '../../../shared/policy/parse-policy.ts'
import { formatProblems } from '../../../shared/policy/policy-problem.ts'
import type { Facts, Policy } from '../../../shared/policy/policy.ts'

/** A policy without anything wrong; tests replace a piece of it. */
export const SAMPLE = `version: 1
issuers:
  - issuer: https://login.acme.example
    audiences: [https://sluice.acme.example]
    requiredClaims: { repository: acme/* }
connections:
  - id: hospital
    projects: [acme]
    credential: none
rules:
  - id: readers
    description: They read.
    effect: permit
    when: query.statementType == "SELECT"
`

/** The sample with one piece replaced. Throws when the piece is not there. */
export function sample(piece: string, by: string): string {
  if (!SAMPLE.includes(piece)) throw new Error(`not in the sample: ${piece}`)
  return SAMPLE.replace(piece, () => by)
}

/** The sample with other rules, each `effect: condition`, named `r0`, `r1`, … */
export function withRules(...rules: readonly (readonly [string, string])[]): string {
  const text = rules.map(
    ([effect, when], index) => `  - id: r${index}
    description: Rule ${index}.
    effect: ${effect}
    when: ${JSON.stringify(when)}
${effect === 'require-approval' ? '    approval: officers\n' : ''}`,
  )
  return `${SAMPLE.slice(0, SAMPLE.indexOf('rules:'))}rules:${text.length === 0 ? ' []' : ''}\n${text.join('')}${APPROVALS}`
}

/** One way to an approval, for the end of a policy. */
export const APPROVALS = `roles: { officers: approver }
approvals:
  - id: officers
    description: One of them looks at it.
    approvers: { anyOf: [{ group: officers }] }
`

/** The policy; throws with its problems when there are any. */
export function policyOf(text: string): Policy {
  const parsed = parsePolicy(text)
  if (!parsed.ok) throw new Error(formatProblems(parsed.error, 'policy.yaml'))
  return parsed.value
}

/** Problems as `line:column: path: message`. */
export function problemsOf(text: string): readonly string[] {
  const parsed = parsePolicy(text)
  if (parsed.ok) return []
  return parsed.error.map((problem) => formatProblems([problem], '').slice(1))
}

/** A `SELECT` by an analyst, unless said otherwise. */
export function facts(
  query: Partial<Facts['query']> = {},
  principal: Partial<Facts['principal']> = {},
  request: Partial<Facts['request']> = {},
): Facts {
  return {
    principal: {
      issuer: 'https://login.acme.example',
      sub: 'ana',
      groups: ['analysts'],
      client: 'bq',
      claims: {},
      ...principal,
    },
    query: {
      statementType: 'SELECT',
      tables: ['acme.hospital.patients'],
      targets: [],
      projects: ['acme'],
      parameters: [],
      dryRun: false,
      routines: [],
      estimatedBytes: undefined,
      justification: '',
      ...query,
    },
    request: {
      time: Date.parse('2026-03-04T09:30:00Z'),
      sourceAddress: '10.0.0.7',
      session: 's-1',
      ...request,
    },
  }
}
