import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'

import { Command } from 'commander'

import { fileCatalog } from '../../shared/adapters/files/file-catalog.ts'
import { googleSqlAnalyzer } from '../../shared/adapters/googlesql/analyzer.ts'
import type { Analyze } from '../../shared/analysis/analysis.ts'
import type { Catalog } from '../../shared/analysis/catalog.ts'
import { type Explanation, explain } from '../../shared/policy/explanation.ts'
import { formatProblems } from '../../shared/policy/policy-problem.ts'
import type { Policy } from '../../shared/policy/policy.ts'
import { nameDefaults, typedParameter } from '../../shared/policy/read-question.ts'
import { parsePolicyBytes } from '../read-policy.ts'
import { withViewColumns } from '../view-columns.ts'
import { ExitCode } from './exit-code.ts'
import { explanationJson } from './explanation-json.ts'
import { explanationText } from './explanation-text.ts'
import { gatewayCatalog } from './gateway-catalog.ts'
import { type IdentityOptions, identityOptions, readIdentity } from './identity-options.ts'

interface Options extends IdentityOptions {
  readonly policy: string
  readonly file?: string
  readonly schemas?: string
  readonly gateway?: string
  readonly tokenFile?: string
  readonly project?: string
  readonly dataset?: string
  readonly parameter: readonly string[]
  readonly justification: string
  readonly estimatedBytes?: number
  readonly json?: true
}

/** `sluice explain`: what a gateway with this policy would say to a query, and why. Runs nothing. */
export function explainCommand(): Command {
  const command = new Command('explain')
    .description('say what a policy decides about a query, and why; runs nothing')
    .argument('[sql]', 'the query; from standard input when it is left out')
    .requiredOption('--policy <file>', 'the policy file')
    .option('--file <file>', 'read the query from this file')
    .option('--schemas <dir>', 'a folder that says which columns there are; see below')
    .option('--gateway <url>', 'ask a running gateway for schemas instead, with --token-file')
    .option('--token-file <file>', 'the token for it, such as `sluice token` prints')
    .option('--project <id>', 'that is billed (default: the first one of the policy)')
    .option('--dataset <name>', 'what table names without a dataset mean')
    .option('--parameter <name:type>', 'a query parameter, `:TYPE` by position', collect, [])
    .option('--justification <text>', 'as if sent with the query', '')
    .option('--estimated-bytes <n>', "as if BigQuery's dry run said so", Number)
    .option('--json', 'all of it, as one JSON document')
  for (const option of identityOptions()) command.addOption(option)
  return command
    .addHelpText('after', NOTES)
    .action(async (sql: string | undefined, options: Options) => {
      const policy = readPolicyFile(options.policy)
      const analyzer = googleSqlAnalyzer()
      let explanation: Explanation
      try {
        explanation = await explain(
          { analyze: analyzer.analyze, catalog: catalogOf(options, analyzer.analyze) },
          policy,
          {
            ...readIdentity(options, policy),
            sql: await readSql(sql, options),
            defaults: nameDefaults(options.project ?? firstProject(policy), options.dataset),
            parameters: options.parameter.map(parameterOf),
            justification: options.justification,
            estimatedBytes: options.estimatedBytes,
          },
        )
      } finally {
        analyzer.close()
      }
      if (explanation.problem?.problem === 'analyzer-unavailable')
        throw new Error('GoogleSQL does not run here')
      process.stdout.write(
        options.json ? explanationJson(explanation) : explanationText(explanation),
      )
      const effect = explanation.decision?.effect ?? 'deny'
      if (effect !== 'permit') throw new ExitCode(effect === 'deny' ? 3 : 4)
    })
}

const NOTES = `
Schemas are files named PROJECT.DATASET.TABLE, or PROJECT/DATASET/TABLE in folders, and then
  .json, .schema.json   as \`bq show --schema\` writes it, or a table, view or routine as
                        \`bq show --format=json\` does
  .sql, .view.sql       the query of a view
INFORMATION_SCHEMA is in no file: queries of it are not explained.

Further exit codes: 3 denied or refused, 4 needs approval.`

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value]

function parameterOf(written: string): ReturnType<typeof typedParameter> {
  const [, name = '', type = ''] = /^([^:]*):(.+)$/.exec(written) ?? []
  if (type === '') throw new Error(`not \`name:type\`: \`${written}\``)
  return typedParameter(name === '' ? undefined : name, type)
}

function readPolicyFile(file: string): Policy {
  const policy = parsePolicyBytes(readFileSync(file))
  if (policy.ok) return policy.value
  process.stdout.write(`${formatProblems(policy.error, file)}\n`)
  throw new Error(`the policy is refused: \`${file}\``)
}

function catalogOf(
  { schemas, gateway, tokenFile }: Options,
  analyze: Analyze,
): Catalog | undefined {
  if (schemas !== undefined) return withViewColumns(analyze, fileCatalog(schemas))
  if (gateway === undefined) return undefined
  if (tokenFile === undefined) throw new Error('a gateway wants a token; give it with --token-file')
  return gatewayCatalog(gateway.replace(/\/+$/, ''), readFileSync(tokenFile, 'utf8').trim())
}

async function readSql(argument: string | undefined, { file }: Options): Promise<string> {
  if (argument !== undefined) return argument
  return file === undefined ? text(process.stdin) : readFileSync(file, 'utf8')
}

function firstProject({ connections }: Policy): string {
  return connections[0]?.projects[0] ?? ''
}
