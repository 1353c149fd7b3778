import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, afterEach, expect, test, vi } from 'vitest'

import { openStore } from '../../../functions/open-store.ts'
import { recordIn } from '../../../functions/record.ts'
import { sealingIn } from '../../../functions/sealing.ts'
import { readSettings } from '../../../functions/settings.ts'
import { SAMPLE, policyOf } from '../policy/sample-policy.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-sealing-'))
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => vi.restoreAllMocks())

const readSecret = () => Promise.reject(new Error('there are no secrets'))

/** What seals this store into the one log of these tests. */
async function sealer(name: string) {
  const settings = readSettings({
    SLUICE_POLICY: 'policy.yaml',
    SLUICE_URL: 'https://sluice.example',
    SLUICE_STORE: `sqlite:${join(folder, name)}`,
    SLUICE_SIGNING_KEY: 'file:key.json',
    SLUICE_RECORD_KEYS: `file:${join(folder, 'record-keys.json')}`,
    SLUICE_LOG_OBJECTS: `folder:${join(folder, 'log')}`,
  })
  const store = openStore(settings.store)
  const parts = { store, readSecret, clock: Date.now, onEntry: undefined }
  const sealing = sealingIn(settings, await recordIn(settings, parts), store)
  if (sealing === undefined) throw new Error('there is a place for the log')
  return { seal: () => sealing.seal(policyOf(SAMPLE)), close: () => store.close() }
}

test('whoever takes the store away and leaves the log stops sealing, and the log says why, once', async () => {
  const said: string[] = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0)
  const first = await sealer('first.sqlite')
  await first.seal()
  await first.close()
  expect(said).toEqual([])
  const second = await sealer('second.sqlite')
  for (const _ of [1, 2]) await expect(second.seal()).rejects.toThrow('was rolled back')
  await second.close()
  expect(said.map((line): unknown => JSON.parse(line))).toEqual([
    {
      severity: 'ERROR',
      message: 'the record could not be sealed',
      reason: expect.stringContaining('was rolled back'),
    },
  ])
})
