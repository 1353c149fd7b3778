import { join } from 'node:path'

import { expect, test } from 'vitest'

import { runSluice } from '../../support/run-sluice.ts'

const tests = join(import.meta.dirname, '../../../infra/policy/tests')

test('the example policy decides as the cases beside it say', async () => {
  const { code, out, err } = await runSluice('policy', 'test', tests)
  expect(out).toMatch(/^\d+ cases passed\n$/)
  expect([code, err]).toEqual([0, ''])
}, 60_000)
