import type { ProjectId } from '../bigquery/reference.ts'
import type { Decision } from '../policy/decision.ts'
import { connectionOf } from '../policy/evaluate.ts'
import type { Policy } from '../policy/policy.ts'

/**
 * The decision on what needs no rule: what a principal does with jobs of their own, and looking for
 * what they may query (of which they are shown only that). The project must still be governed.
 */
export function builtInDecision(
  policy: Policy,
  projectId: ProjectId,
  why: 'own-job' | 'visible-metadata',
): Decision {
  const policyDigest = policy.digest
  if (connectionOf(policy, projectId) === undefined)
    return { effect: 'deny', rules: [], reason: 'no-connection', policyDigest }
  return {
    effect: 'permit',
    rules: [`built-in:${why}`],
    obligations: {
      maximumBytesBilled: undefined,
      jobTimeoutMs: undefined,
      maximumRows: undefined,
      masks: [],
      governed: false,
    },
    policyDigest,
  }
}
