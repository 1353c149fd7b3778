import { type Result, err } from '../shared/kernel/result.ts'
import { parsePolicy } from '../shared/policy/parse-policy.ts'
import { type PolicyProblem, formatProblems } from '../shared/policy/policy-problem.ts'
import type { Policy } from '../shared/policy/policy.ts'

/** The policy that these bytes of a file are, or everything that is wrong with it, a line for each. */
export function readPolicy(
  bytes: Uint8Array,
  file: string,
): Result<Policy, readonly [string, ...string[]]> {
  const policy = parsePolicyBytes(bytes)
  if (policy.ok) return policy
  return err(['the policy is refused', ...formatProblems(policy.error, file).split('\n')])
}

/** As `parsePolicy`, of the bytes of a file. */
export function parsePolicyBytes(bytes: Uint8Array): Result<Policy, readonly PolicyProblem[]> {
  try {
    // Fatal: a byte that is not UTF-8 must not become another character.
    return parsePolicy(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    return err([{ line: 1, column: 1, path: '', message: 'the file is not UTF-8' }])
  }
}
