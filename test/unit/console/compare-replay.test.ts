import { expect, test } from 'vitest'

import {
  type PageNow,
  compareDecisions,
  compareResults,
  resultsOf,
} from '../../../shared/console/replay/compare.ts'
import type { RecordedDelivery } from '../../../shared/console/replay/recorded-call.ts'
import type { Delivery } from '../../../shared/recording/entry.ts'
import { rowsDigest } from '../../../shared/recording/private-part.ts'
import { sampleDecision, sampleDelivery } from '../../support/sample-entries.ts'

const salt = Buffer.alloc(32, 3)
const ROWS = Buffer.from('[{"f":[{"v":"1"}]}]')

const done: Delivery = {
  ...sampleDelivery,
  schema: '{"fields": [{"name": "n", "type": "INTEGER"}]}',
  rows: 1,
  totalRows: '1',
  numDmlAffectedRows: undefined,
  errorReason: undefined,
  rowsDigest: rowsDigest(salt, ROWS),
}
const running: Delivery = {
  ...done,
  schema: undefined,
  rows: 0,
  totalRows: undefined,
  rowsDigest: undefined,
}
const failed: Delivery = {
  ...running,
  errorReason: 'invalidQuery',
  rowsDigest: rowsDigest(salt, new Uint8Array()),
}

const then = (delivery: Delivery, by: Uint8Array | undefined = salt): RecordedDelivery => ({
  delivery,
  salt: by,
})
const now = (delivery: Delivery, rows?: Uint8Array): PageNow => ({ delivery, rows })
const all = (how: string) => ({ schema: how, rows: how, digest: how })

test.each<[string, RecordedDelivery[], PageNow[], object]>([
  ['the same rows', [then(done)], [now(done, ROWS)], all('same')],
  [
    'other spaces in the schema',
    [then(done)],
    [now({ ...done, schema: JSON.stringify(JSON.parse(done.schema ?? '')) }, ROWS)],
    all('same'),
  ],
  [
    'other rows, as many',
    [then(done)],
    [now(done, Buffer.from('[]'))],
    { ...all('same'), digest: 'different' },
  ],
  [
    'another number of rows',
    [then(done)],
    [now({ ...done, totalRows: '2' }, ROWS)],
    { ...all('same'), rows: 'different' },
  ],
  [
    'a page less',
    [then(done), then(done)],
    [now(done, ROWS)],
    { schema: 'same', rows: 'different', digest: 'different' },
  ],
  [
    'a salt that is erased',
    [{ delivery: done, salt: undefined }],
    [now(done, ROWS)],
    {
      ...all('same'),
      digest: 'not-known',
    },
  ],
  [
    'a record without digests',
    [then({ ...done, rowsDigest: undefined })],
    [now(done, ROWS)],
    { ...all('same'), digest: 'not-known' },
  ],
  ['nothing then', [], [now(done, ROWS)], all('not-known')],
  ['nothing now', [then(done)], [], all('not-known')],
  ['the same failure', [then(failed)], [now(failed)], all('same')],
  [
    'another failure',
    [then(failed)],
    [now({ ...failed, errorReason: 'resourcesExceeded' })],
    { ...all('not-known'), rows: 'different' },
  ],
  ['a failure now', [then(done)], [now(failed)], { ...all('not-known'), rows: 'different' }],
])('%s', (_, before, after, expected) => {
  expect(compareResults(before, after)).toEqual(expected)
})

test('a job that was not seen to end has no result, one that failed has why', () => {
  expect(resultsOf([now(running)])).toEqual([])
  expect(resultsOf([now(running), now(failed)])).toEqual([now(failed)])
  // What was asked again after a failure is what counts.
  expect(resultsOf([now(failed), now(done)])).toEqual([now(done)])
})

test('decisions are compared by what they do, whatever the policy is called', () => {
  const other = { ...sampleDecision, policyDigest: 'e'.repeat(64) }
  expect(compareDecisions(sampleDecision, other)).toBe('same')
  expect(compareDecisions(sampleDecision, { ...other, rules: ['another'] })).toBe('different')
  expect(compareDecisions(sampleDecision, undefined)).toBe('not-known')
})
