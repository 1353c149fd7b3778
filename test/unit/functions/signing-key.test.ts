import { existsSync, mkdtempSync, rmSync } from 'node:fs'
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
import { gateway } from '../../../functions/wiring.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-signing-key-'))
const key = join(folder, 'key.json')
const env = {
  SLUICE_POLICY: join(import.meta.dirname, '../../../infra/policy/example.yaml'),
  SLUICE_URL: 'http://127.0.0.1:8080',
  SLUICE_STORE: `sqlite:${join(folder, 'record.sqlite')}`,
  SLUICE_SIGNING_KEY: `file:${key}`,
  SLUICE_RECORD_KEYS: `file:${join(folder, 'record-keys.json')}`,
  SLUICE_LOG_OBJECTS: `folder:${join(folder, 'log')}`,
  SLUICE_PUSH_ACCOUNT: 'push@acme.iam.gserviceaccount.com',
  SLUICE_PUSH_AUDIENCE: 'https://function.example',
}
const withoutSql = { analyzes: false } as const

const said: string[] = []
beforeEach(() => {
  said.length = 0
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.push(String(text))
    return true
  })
})
afterEach(() => vi.restoreAllMocks())
afterAll(() => rmSync(folder, { recursive: true }))

test.each([
  ['approval-notifier', approvalNotifier],
  ['approval-resolver', approvalResolver],
  ['sweeper', sweeper],
  ['log-publisher', logPublisher],
  ['retainer', retainer],
  ['reconciler', reconciler],
  ['slack', slackEndpoint],
])('%s serves without the key that signs tokens, and does not look at it', async (_name, open) => {
  const { SLUICE_SIGNING_KEY: _, ...without } = env
  for (const each of [without, env]) {
    // oxlint-disable-next-line no-await-in-loop -- of one store
    const { close } = await open(each, withoutSql)
    expect(said.join('')).not.toContain('"severity":"ERROR"')
    // oxlint-disable-next-line no-await-in-loop
    await close()
  }
  expect(existsSync(key)).toBe(false)
})

test.each(['data-path', 'audit'] as const)('who serves the %s needs it', async (serves) => {
  const { SLUICE_SIGNING_KEY: _, ...without } = env
  const { fetch, close } = await gateway(without, { ...withoutSql, serves })
  const ready = await fetch(new Request('http://gateway/readyz'))
  expect(ready.status).toBe(503)
  expect(await ready.text()).toContain('SLUICE_SIGNING_KEY')
  await close()
})
