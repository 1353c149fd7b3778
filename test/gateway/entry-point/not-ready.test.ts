import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, expect, test, vi } from 'vitest'

import { gateway } from '../../../functions/wiring.ts'
import { errorOf } from '../../support/error-of.ts'
import { guarantee } from '../../support/guarantee.ts'
import { type RunningFunction, runFunction } from '../../support/running-function.ts'
import { QUERIES, SELECT, V2 } from '../../support/world.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-not-ready-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** It lives, says why it does not serve to whoever runs it, and serves nobody. */
async function expectNotReady(running: RunningFunction, reasons: RegExp): Promise<void> {
  try {
    expect((await running.request('/healthz')).status).toBe(200)
    const ready = await running.request('/readyz')
    expect(ready.status).toBe(503)
    const { reasons: given } = (await ready.json()) as { reasons: readonly string[] }
    expect(given.join('\n')).toMatch(reasons)
    const body = JSON.stringify({ query: SELECT })
    for (const [path, init] of [
      [QUERIES, { method: 'POST', body }],
      [`${V2}/projects`, {}],
      ['/$discovery/rest?version=v2', {}],
      ['/v1/token', { method: 'POST', body: 'grant_type=x' }],
    ] as const) {
      const response = await running.request(path, { ...init, as: 'ana' })
      expect(response.status).toBe(503)
      const { error } = (await response.json()) as { error: { message: string } }
      expect(error.message).not.toMatch(reasons)
    }
    expect(running.upstream.requests).toEqual([])
    expect(running.output()).toMatch(/"severity":"ERROR","message":"the gateway cannot serve"/)
  } finally {
    await running.stop()
  }
}

guarantee('not-ready-means-no', async () => {
  const [missing, invalid] = await Promise.all([
    runFunction({ SLUICE_POLICY: '/nowhere/policy.yaml' }),
    runFunction({}, (good) => good.replace('effect: deny', 'effect: perhaps')),
  ])
  await Promise.all([
    expectNotReady(missing, /no such file.*policy\.yaml/),
    expectNotReady(invalid, /policy\.yaml:\d+:\d+/),
  ])
})

test.each([
  ['an environment that lacks something', {}, /SLUICE_URL[^]*SLUICE_STORE[^]*SLUICE_POLICY/],
  [
    'a store that cannot be opened',
    {
      SLUICE_POLICY: join(import.meta.dirname, '../../../infra/policy/example.yaml'),
      SLUICE_URL: 'http://127.0.0.1:8080',
      SLUICE_STORE: 'sqlite:/nowhere/record.sqlite',
      SLUICE_SIGNING_KEY: `file:${join(folder, 'key.json')}`,
      SLUICE_RECORD_KEYS: `file:${join(folder, 'record-keys.json')}`,
    },
    /unable to open|no such file|ENOENT/i,
  ],
])('%s', async (_what, env, reasons) => {
  const logged = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const { fetch, close } = await gateway(env)
  const ready = await fetch(new Request('http://gateway/readyz'))
  expect(ready.status).toBe(503)
  expect(await ready.text()).toMatch(reasons)
  const query = new Request(`http://gateway${QUERIES}`, { method: 'POST', body: '{}' })
  expect(await errorOf(await fetch(query))).toMatchObject({ code: 503, reason: 'backendError' })
  expect(logged).toHaveBeenCalledWith(expect.stringContaining('the gateway cannot serve'))
  logged.mockRestore()
  await close()
})
