import { readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

import { Command } from 'commander'

import { fileCatalog } from '../../shared/adapters/files/file-catalog.ts'
import {
  type GoogleSqlAnalyzer,
  googleSqlAnalyzer,
} from '../../shared/adapters/googlesql/analyzer.ts'
import type { CaseFile } from '../../shared/policy/case-file.ts'
import { parseCases } from '../../shared/policy/parse-cases.ts'
import { formatProblems } from '../../shared/policy/policy-problem.ts'
import { nameDefaults } from '../../shared/policy/read-question.ts'
import { type CaseWorld, type Difference, runCase } from '../../shared/policy/run-case.ts'
import { parsePolicyBytes } from '../read-policy.ts'
import { withViewColumns } from '../view-columns.ts'

interface Options {
  readonly policy?: string
  readonly json?: true
}

interface Outcome {
  readonly file: string
  readonly name: string
  readonly differences: readonly Difference[]
}

/** `sluice policy test`: whether a policy decides as the cases in a folder say. */
export function policyTestCommand(): Command {
  return new Command('test')
    .description('decide the cases in a folder, and say where the policy decides otherwise')
    .argument('<dir>', 'a folder of cases, *.yaml and *.json, or one such file')
    .option('--policy <file>', 'decide by this policy, whatever the cases name')
    .option('--json', '`{ cases: [{ file, name, differences }] }`')
    .addHelpText('after', FORMAT)
    .action(async (path: string, options: Options) => {
      const files = caseFiles(path).map((file) => ({ file, cases: readCases(file) }))
      if (files.length === 0) throw new Error(`no cases in \`${path}\``)
      const analyzer = googleSqlAnalyzer()
      try {
        const outcomes: Outcome[] = []
        for (const { file, cases } of files)
          // oxlint-disable-next-line no-await-in-loop -- one GoogleSQL answers all of them
          outcomes.push(...(await runFile(analyzer, file, cases, options.policy)))
        const failed = outcomes.filter(({ differences }) => differences.length > 0)
        const text = options.json
          ? JSON.stringify({ cases: outcomes }, undefined, 2)
          : [...failed.map(describe), summary(outcomes.length, failed.length)].join('\n')
        process.stdout.write(`${text}\n`)
        if (failed.length > 0)
          throw new Error(`${failed.length} of ${outcomes.length} cases failed`)
      } finally {
        analyzer.close()
      }
    })
}

const FORMAT = `
A file of cases (paths from its own folder):

  policy: ../policy.yaml
  schemas: ../schemas            # as for \`sluice explain --schemas\`
  project: acme                  # that queries are billed to
  cases:
    - name: analysts see the last four digits
      principal: { groups: [analysts] }
      sql: SELECT name, ssn FROM acme.hospital.patients
      expect:
        decision: permit         # or require-approval, deny
        masks: { ssn: LAST_FOUR_CHARACTERS }   # all of them; none when left out

Further keys: \`defaultDataset\`; of a case \`parameters\` (types, by name or position), \`justification\`,
\`estimatedBytes\`, \`time\`, \`sourceAddress\`; of a principal \`issuer\`, \`sub\`, \`client\`, \`claims\`; of
\`expect\` \`rules\`, \`approvals\`, and \`reason\` of a denial.`

function caseFiles(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .filter((name) => /\.(ya?ml|json)$/.test(name))
    .toSorted()
    .map((name) => join(path, name))
}

function readCases(file: string): CaseFile {
  const cases = parseCases(readFileSync(file, 'utf8'))
  if (cases.ok) return cases.value
  process.stdout.write(`${formatProblems(cases.error, file)}\n`)
  throw new Error(`not a file of cases: \`${file}\``)
}

async function runFile(
  { analyze }: GoogleSqlAnalyzer,
  file: string,
  cases: CaseFile,
  otherPolicy: string | undefined,
): Promise<readonly Outcome[]> {
  const policyFile = otherPolicy ?? resolve(dirname(file), cases.policy)
  const policy = parsePolicyBytes(readFileSync(policyFile))
  if (!policy.ok) {
    process.stdout.write(`${formatProblems(policy.error, policyFile)}\n`)
    throw new Error(`the policy is refused: \`${policyFile}\``)
  }
  const { schemas, project, defaultDataset } = cases
  const world: CaseWorld = {
    analyze,
    catalog:
      schemas === undefined
        ? undefined
        : withViewColumns(analyze, fileCatalog(resolve(dirname(file), schemas))),
    policy: policy.value,
    defaults: nameDefaults(project, defaultDataset),
    now: Date.now(),
  }
  const outcomes: Outcome[] = []
  for (const each of cases.cases)
    // oxlint-disable-next-line no-await-in-loop -- one GoogleSQL answers all of them
    outcomes.push({ file, name: each.name, differences: await runCase(world, each) })
  return outcomes
}

function describe({ file, name, differences }: Outcome): string {
  const lines = differences.flatMap(({ what, expected, actual }) => [
    `  ${what}`,
    `    expected ${expected}`,
    `    decided  ${actual}`,
  ])
  return [`${file}: ${name}`, ...lines, ''].join('\n')
}

function summary(all: number, failed: number): string {
  return failed === 0 ? `${all} cases passed` : `${all - failed} of ${all} cases passed`
}
