import type { Analyze, NameDefaults } from '../analysis/analysis.ts'
import type { Catalog } from '../analysis/catalog.ts'
import type { PolicyCase } from './case-file.ts'
import { type Explanation, explain } from './explanation.ts'
import { maskText } from './mask-text.ts'
import type { Policy } from './policy.ts'
import { typedParameter } from './read-question.ts'

/** Where a policy decides otherwise than a case says: `masks.ssn`, what was expected and what came. */
export interface Difference {
  readonly what: string
  readonly expected: string
  readonly actual: string
}

/** What cases of one file are run with. */
export interface CaseWorld {
  readonly analyze: Analyze
  readonly catalog: Catalog | undefined
  readonly policy: Policy
  readonly defaults: NameDefaults
  /** Epoch milliseconds, for cases that name no time. */
  readonly now: number
}

/** All differences between what a case expects and what the policy decides; none when it passes. */
export async function runCase(world: CaseWorld, test: PolicyCase): Promise<readonly Difference[]> {
  const { policy, defaults, now } = world
  const { principal, parameters } = test
  const explanation = await explain(world, policy, {
    principal: { ...principal, issuer: principal.issuer ?? policy.issuers[0]?.issuer ?? '' },
    request: {
      time: test.time === undefined ? now : Date.parse(test.time),
      sourceAddress: test.sourceAddress,
      session: '',
    },
    sql: test.sql,
    defaults,
    parameters: Array.isArray(parameters)
      ? parameters.map((type) => typedParameter(undefined, type))
      : Object.entries(parameters).map(([name, type]) => typedParameter(name, type)),
    justification: test.justification,
    estimatedBytes: test.estimatedBytes,
  })
  return differences(test.expect, explanation)
}

function differences(
  expected: PolicyCase['expect'],
  { decision, problem }: Explanation,
): readonly Difference[] {
  const effect = decision?.effect ?? 'deny'
  const reason = problem?.problem ?? (decision?.effect === 'deny' ? decision.reason : NONE)
  const rules = list(decision?.rules ?? [])
  const approvals = decision?.effect === 'require-approval' ? decision.approvals : []
  const masks = new Map<string, string>()
  for (const { name, mask } of decision === undefined || decision.effect === 'deny'
    ? []
    : decision.obligations.masks) {
    const before = masks.get(name)
    // Two outputs may have one name.
    masks.set(name, before === undefined ? maskText(mask) : `${before}, ${maskText(mask)}`)
  }
  const wanted = new Map(
    Object.entries(expected.masks ?? {}).map(([name, mask]) => [name, maskText(mask)]),
  )
  return [
    ...compare(
      'decision',
      expected.decision,
      effect === 'deny' && expected.decision !== 'deny' ? `deny (${reason})` : effect,
    ),
    ...(expected.reason === undefined ? [] : compare('reason', expected.reason, reason)),
    ...[...new Set([...wanted.keys(), ...masks.keys()])].flatMap((name) =>
      compare(`masks.${name}`, wanted.get(name) ?? NONE, masks.get(name) ?? NONE),
    ),
    ...(expected.rules === undefined ? [] : compare('rules', list(expected.rules), rules)),
    ...(expected.approvals === undefined
      ? []
      : compare('approvals', list(expected.approvals), list(approvals))),
  ]
}

function compare(what: string, expected: string, actual: string): readonly Difference[] {
  return expected === actual ? [] : [{ what, expected, actual }]
}

const NONE = 'none'

const list = (names: readonly string[]): string =>
  names.length === 0 ? NONE : names.toSorted().join(', ')
