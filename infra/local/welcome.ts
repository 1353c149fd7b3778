import { relative } from 'node:path'

import type { LocalStack } from './local-stack.ts'

const SQL = 'SELECT name, birth_date FROM acme.hospital.patients ORDER BY id LIMIT 3'

/** What runs where, and three commands that run a query through Sluice as they are printed. */
export function welcome(stack: LocalStack): string {
  const { gateway, issuer, bigQuery, state, policy } = stack
  const rows = [
    ['gateway', gateway, 'what clients call instead of bigquery.googleapis.com'],
    ['issuer', issuer.url, 'signs in the people and machines of infra/local/identities.yaml'],
    ['bigquery', bigQuery.url, "Google's GoogleSQL engine; only the gateway should call it"],
    ['policy', shown(policy), 'who may do what'],
    ['state', shown(state), 'the record (npx sluice entries) and the keys'],
  ]
  return [
    bold('Sluice is ready.'),
    '',
    ...rows.map(([name = '', where = '', what = '']) => `  ${name.padEnd(9)} ${where}  ${what}`),
    '',
    bold('Look at it:'),
    '',
    `  ${gateway}/console  as otto (secret otto-secret) to audit, as petra (petra-secret) to approve`,
    '  A day to look at: stop this, `npm run seed`, start again.',
    '',
    bold('Run a query through it, from another terminal in this folder:'),
    '',
    ...commands(stack).flatMap(({ command }) => [`  ${command}`, '']),
    bold('What mcp-agent asks of acme.hospital.claims waits for the privacy office:'),
    '',
    `  npx sluice approvals list${atOf(gateway)} --as petra`,
    '',
    'Every call is recorded and shown below. Stop with Ctrl-C.',
  ].join('\n')
}

/** The three commands, by the client they use. Run in the root of the repository. */
function commands({
  gateway,
  state,
}: Pick<LocalStack, 'gateway' | 'state'>): readonly { client: string; command: string }[] {
  const folder = shown(state)
  const at = atOf(gateway)
  const token = `npx sluice token${at} --as ana`
  const body = JSON.stringify({ query: SQL, useLegacySql: false })
  const script = `new (require('@google-cloud/bigquery').BigQuery)({ projectId: 'acme' }).query('${SQL}').then(([rows]) => console.table(rows))`
  return [
    {
      client: 'curl',
      command: `curl -s ${gateway}/bigquery/v2/projects/acme/queries -H "Authorization: Bearer $(${token})" -H 'Content-Type: application/json' -d '${body}'`,
    },
    {
      client: 'bq',
      command: `bq --api=${gateway} --oauth_access_token="$(${token})" --project_id=acme query --nouse_legacy_sql '${SQL}'`,
    },
    {
      client: 'node',
      command: [
        `${token} > ${folder}/token`,
        `npx sluice adc${at} --token-file ${folder}/token --out ${folder}/adc.json`,
        `BIGQUERY_EMULATOR_HOST=${gateway} GOOGLE_APPLICATION_CREDENTIALS=${folder}/adc.json node -e "${script}"`,
      ].join(' && '),
    },
  ]
}

/** The command line knows the usual address. */
function atOf(gateway: string): string {
  return gateway === 'http://127.0.0.1:8080' ? '' : ` --gateway ${gateway}`
}

function bold(text: string): string {
  return process.stdout.isTTY ? `\u001B[1m${text}\u001B[0m` : text
}

/** A path as it would be typed here. */
function shown(path: string): string {
  const here = relative(process.cwd(), path)
  return here === '' || here.startsWith('..') ? path : here
}
