import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { secretOf } from '../../functions/commands/local-secret.ts'
import { localToken } from '../../functions/commands/local-token.ts'
import { type LocalStack, startLocalStack } from '../../infra/local/local-stack.ts'
import type { Entry } from '../../shared/recording/entry.ts'
import { linesOf } from '../support/export-world.ts'
import { runSluice } from '../support/run-sluice.ts'

const infra = join(import.meta.dirname, '../../infra')
const identities = join(infra, 'local/identities.yaml')
const state = mkdtempSync(join(tmpdir(), 'sluice-state-'))
const receipts = join(state, 'receipts')
const previous = join(state, 'previous')
const trust = join(state, 'trust.json')
const entries: Entry[] = []
let stack: LocalStack
let calls = 0

beforeAll(async () => {
  mkdirSync(receipts)
  const policy = join(state, 'edited.yaml')
  const example = readFileSync(join(infra, 'policy/example.yaml'), 'utf8')
  writeFileSync(
    policy,
    example.replace('  auditors: auditor\n', '  auditors: [auditor, private-reader]\n'),
  )
  stack = await startLocalStack({
    port: 0,
    issuerPort: 0,
    bigqueryPort: 0,
    policy,
    state,
    bigQuery: { workers: 1 },
    onEntry: (entry) => void entries.push(entry),
  })
}, 60_000)

afterAll(async () => {
  await stack.close()
  rmSync(state, { recursive: true, force: true, maxRetries: 10 })
})

/** Asks as Ana, and keeps the receipt. Resolves with the session. */
async function ask(): Promise<string> {
  const secret = secretOf('ana', identities)
  const { access_token: token } = await localToken(stack.issuer.url, 'ana', secret)
  const response = await fetch(`${stack.gateway}/bigquery/v2/projects/acme/queries`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'sluice-session': 'work',
    },
    body: JSON.stringify({
      query: `SELECT kind, '${(calls += 1)} times' FROM acme.hospital.encounters LIMIT 1`,
      useLegacySql: false,
    }),
  })
  expect(response.status).toBe(200)
  await response.text()
  writeFileSync(join(receipts, String(calls)), response.headers.get('sluice-receipt') ?? '')
  const asked = entries.findLast((entry) => entry.type === 'request')
  return asked?.session.id ?? ''
}

async function exported(as: string, ...args: readonly string[]): Promise<string> {
  const out = join(state, 'record.ndjson')
  const at = ['--gateway', stack.gateway, '--as', as, '--identities', identities]
  const done = await runSluice('export', ...at, '--out', out, ...args)
  expect(done).toMatchObject({ code: 0, err: '' })
  return out
}

async function verified(bundle: string, ...args: readonly string[]) {
  const { code, out } = await runSluice('verify', bundle, '--trust', trust, '--json', ...args)
  const report: unknown = JSON.parse(out)
  expect(report).toMatchObject({ integrity: 'sound', problems: [] })
  expect(code).toBe(0)
  return report
}

/** Until nothing but what exporting itself writes is left to be sealed. */
function sealed(): Promise<void> {
  return expect.poll(isSealed, { timeout: 30_000, interval: 500 }).toBe(true)
}

async function isSealed(): Promise<boolean> {
  return linesOf(readFileSync(await exported('otto', '--all'))).every(
    (line) => line.t !== 'unsealed' || line.entry.includes('"type":"exported"'),
  )
}

test('what is not sealed yet is exported, and verifies', async () => {
  await ask()
  await ask()
  await sealed()
  const checkpoint = await fetch(`${stack.gateway}/log/checkpoint`)
  writeFileSync(previous, await checkpoint.text())
  await ask()
  const bundle = await exported('otto', '--all')
  expect(await verified(bundle)).toMatchObject({ completeness: 'complete' })
}, 60_000)

test('all of it, with receipts and an earlier checkpoint: sound and complete', async () => {
  await sealed()
  const bundle = await exported('otto', '--all', '--previous', previous)
  const report = await verified(bundle, '--receipts', receipts, '--previous', previous)
  // As many as were recorded, by whomever.
  const recorded = entries.filter(({ type }) => type === 'request' || type === 'refusal').length
  expect(report).toMatchObject({
    completeness: 'complete',
    covered: { receipts: 3, calls: recorded },
  })
}, 60_000)

test('a session, by an auditor and by who worked in it', async () => {
  const session = await ask()
  for (const who of ['otto', 'ana']) {
    const bundle = await exported(who, '--session', session, '--previous', previous)
    expect(await verified(bundle, '--previous', previous)).toMatchObject({ covered: { calls: 4 } })
  }
  const at = ['--gateway', stack.gateway, '--as', 'ana', '--identities', identities]
  expect(await runSluice('export', ...at, '--all')).toMatchObject({ code: 1, out: '' })
}, 60_000)

test('private facts, until they are erased', async () => {
  const session = await ask()
  const args = ['--session', session, '--private']
  const before = await exported('otto', ...args)
  const last = `'${calls} times'`
  expect(readFileSync(before, 'utf8').includes(last)).toBe(true)
  expect(await verified(before)).toMatchObject({ covered: { privateFacts: 10 } })
  const at = ['--gateway', stack.gateway, '--as', 'petra', '--identities', identities]
  const erased = await runSluice('erase', ...at, '--session', session, '--reason', 'ticket 7')
  expect(erased).toMatchObject({ code: 0 })
  const after = await exported('otto', ...args)
  expect(readFileSync(after, 'utf8').includes(last)).toBe(false)
  expect(await verified(after)).toMatchObject({ covered: { privateFacts: 0, calls: 5 } })
}, 60_000)
