import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'

import {
  approvalNotifier,
  approvalResolver,
  logPublisher,
  reconciler,
  retainer,
  slackEndpoint,
  sweeper,
} from '../../../functions/background-functions.ts'
import { type Gateway, gateway } from '../../../functions/wiring.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-health-'))
const example = readFileSync(
  join(import.meta.dirname, '../../../infra/policy/example.yaml'),
  'utf8',
)
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const withSlack = example.replace(/# slack: \{.*\}/, 'slack: { team: T0ACME000, app: A0SLUICE0 }')
const env = {
  SLUICE_POLICY: file('policy.yaml', withSlack),
  SLUICE_URL: 'http://127.0.0.1:8080',
  SLUICE_STORE: `sqlite:${join(folder, 'record.sqlite')}`,
  SLUICE_SIGNING_KEY: `file:${join(folder, 'key.json')}`,
  SLUICE_RECORD_KEYS: `file:${join(folder, 'record-keys.json')}`,
  SLUICE_LOG_OBJECTS: `folder:${join(folder, 'log')}`,
  SLUICE_PUSH_ACCOUNT: 'push@acme.iam.gserviceaccount.com',
  SLUICE_PUSH_AUDIENCE: 'https://function.example',
  SLUICE_SLACK_TOKEN: `file:${file('slack-token', 'xoxb-1')}`,
  SLUICE_SLACK_SIGNING_SECRET: `file:${file('slack-secret', '8f742231b10e8888')}`,
}
const withoutSql = { analyzes: false } as const

beforeEach(() => void vi.spyOn(process.stderr, 'write').mockReturnValue(true))
afterEach(() => vi.restoreAllMocks())
afterAll(() => rmSync(folder, { recursive: true }))

const ask = async ({ fetch }: Gateway, path: string, method = 'GET') => {
  const response = await fetch(new Request(`http://function${path}`, { method }))
  return { status: response.status, text: await response.text() }
}

const functions = [
  ['gateway', (given: NodeJS.ProcessEnv) => gateway(given, { ...withoutSql, serves: 'data-path' })],
  ['console', (given: NodeJS.ProcessEnv) => gateway(given, { ...withoutSql, serves: 'audit' })],
  ...(
    [
      ['approval-notifier', approvalNotifier],
      ['approval-resolver', approvalResolver],
      ['sweeper', sweeper],
      ['log-publisher', logPublisher],
      ['retainer', retainer],
      ['reconciler', reconciler],
      ['slack', slackEndpoint],
    ] as const
  ).map(([name, open]) => [name, (given: NodeJS.ProcessEnv) => open(given, withoutSql)] as const),
] as const

test.each(functions)('%s says that it lives, and that it is ready', async (_name, open) => {
  const served = await open(env)
  expect(await ask(served, '/healthz')).toEqual({ status: 200, text: '{"status":"ok"}' })
  expect(await ask(served, '/readyz')).toEqual({ status: 200, text: '{"status":"ready"}' })
  // Health is all that it gives away: whatever else the gateway serves is not behind it.
  if (_name !== 'gateway' && _name !== 'console')
    expect((await ask(served, '/.well-known/jwks.json')).status).not.toBe(200)
  await served.close()
})

test.each(functions)('%s lives without a policy, and is not ready', async (_name, open) => {
  const served = await open({ ...env, SLUICE_POLICY: file('broken.yaml', 'version: 2\n') })
  expect((await ask(served, '/healthz')).status).toBe(200)
  const { status, text } = await ask(served, '/readyz')
  expect(status).toBe(503)
  expect(text).toContain('the policy is refused')
  await served.close()
})

test('without Slack there is nobody to press buttons', async () => {
  const served = await slackEndpoint(
    { ...env, SLUICE_POLICY: file('plain.yaml', example) },
    withoutSql,
  )
  expect((await ask(served, '/healthz')).status).toBe(200)
  const { status, text } = await ask(served, '/readyz')
  expect([status, text]).toEqual([503, expect.stringContaining('`slack` in the policy')])
  await served.close()
})

test('a push is no question of health', async () => {
  const served = await sweeper(env, withoutSql)
  expect((await ask(served, '/readyz', 'POST')).status).toBe(404)
  expect((await ask(served, '/sweep', 'POST')).status).toBe(401)
  await served.close()
})
