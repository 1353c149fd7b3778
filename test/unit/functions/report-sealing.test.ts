import { afterEach, expect, test, vi } from 'vitest'

import { reportSealing } from '../../../functions/report-sealing.ts'
import type { SealedBatch } from '../../../shared/recording/log/seal.ts'

const NOW = 1_750_000_000_000

const batch = (oldest: number, missing: SealedBatch['manifest']['missing'] = []): SealedBatch => ({
  manifest: {
    v: 1,
    type: 'sealed-batch',
    id: 'batch-1',
    at: NOW,
    batch: 1,
    from: 0,
    size: 3,
    until: 0,
    root: '',
    writers: [],
    missing,
    late: [],
    invalid: [],
    archive: [],
  },
  oldest,
  cosigned: 0,
  quorumMissed: false,
  manifestTaken: false,
})

afterEach(() => vi.restoreAllMocks())

function said(batches: readonly SealedBatch[], missedBefore = new Set<string>()) {
  const lines: string[] = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0)
  const sealed = reportSealing({ batches, overtaken: false }, missedBefore, NOW)
  return { sealed, lines: lines.map((line): unknown => JSON.parse(line)) }
}

test.each([
  ['the oldest of all batches', [(NOW - 7_000) * 1000, (NOW - 95_000) * 1000], 95],
  ['nothing but a batch without entries', [Infinity], 0],
  ["a commit that the store's clock puts into the future", [(NOW + 5_000) * 1000], 0],
])('a run tells how long entries waited: %s', (_what, oldest, oldestSeconds) => {
  expect(said(oldest.map((each) => batch(each)))).toEqual({
    sealed: { batches: oldest.length, oldestSeconds },
    lines: [],
  })
})

test('nothing is said of a run that had nothing to do', () => {
  expect(said([])).toEqual({ sealed: undefined, lines: [] })
})

test('a number is missed when it is missing for the second time', () => {
  const before = new Set<string>()
  const once = [batch(Infinity, [{ writer: 'w', number: 4 }])]
  expect(said(once, before).lines).toEqual([])
  expect(said(once, before).lines).toEqual([
    { severity: 'WARNING', message: 'entries are missing', batch: 1, numbers: ['w/4'] },
  ])
})
