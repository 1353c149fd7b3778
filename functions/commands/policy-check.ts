import { readFileSync } from 'node:fs'

import { Command } from 'commander'

import { formatProblems } from '../../shared/policy/policy-problem.ts'
import { parsePolicyBytes } from '../read-policy.ts'

interface Options {
  readonly json?: true
}

/** `sluice policy check`: whether a gateway would take a policy file, and all that is wrong with it. */
export function policyCheckCommand(): Command {
  return new Command('check')
    .description('say everything that is wrong with a policy file, with line and column')
    .argument('<file>', 'the policy file')
    .option('--json', '`{ file, digest, problems }`; the digest is that of the record')
    .action((file: string, { json }: Options) => {
      const policy = parsePolicyBytes(readFileSync(file))
      const problems = policy.ok ? [] : policy.error
      const digest = policy.ok ? policy.value.digest : undefined
      if (json) print(JSON.stringify({ file, digest, problems }, undefined, 2))
      else if (policy.ok) print(`${file} is good: \`${policy.value.digest}\``)
      else print(formatProblems(problems, file))
      if (problems.length > 0)
        throw new Error(
          `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} in \`${file}\``,
        )
    })
}

const print = (text: string) => process.stdout.write(`${text}\n`)
