import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, expect, test } from 'vitest'

import { runSluice } from '../../support/run-sluice.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-keys-trust-'))
afterAll(() => rmSync(folder, { recursive: true }))

const RING = 'kms:projects/acme/locations/europe-west3/keyRings/sluice'
const bad = join(folder, 'policy.yaml')
writeFileSync(bad, 'version: 2\n')

test.each([
  [['--record-keys', 'file:keys.json', '--log', 'sluice.acme.example/log'], 1, '--record-keys is'],
  [['--record-keys', RING, '--log', 'two words'], 1, '--log is the name'],
  [['--record-keys', RING, '--log', 'a.example/log', '--policy', bad], 1, 'the policy is refused'],
  [['--record-keys', RING], 2, '--log'],
])('what to trust, of %j, ends with %i, and asks nobody', async (args, code, said) => {
  const ended = await runSluice('keys', 'trust', ...args)
  expect(ended).toMatchObject({ code, out: '' })
  expect(ended.err).toContain(said)
})
