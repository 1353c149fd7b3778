import { readFileSync } from 'node:fs'

import { parsePolicy } from '../shared/policy/parse-policy.ts'
import { formatProblems } from '../shared/policy/policy-problem.ts'
import type { Policy } from '../shared/policy/policy.ts'

/** The policy in this file. Throws, with everything that is wrong with it in the message. */
export function readPolicy(file: string): Policy {
  // Fatal: a byte that is not UTF-8 must not become another character.
  const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  const policy = parsePolicy(text)
  if (!policy.ok) throw new Error(`the policy is refused\n${formatProblems(policy.error, file)}`)
  return policy.value
}
