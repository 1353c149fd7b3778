import { setTimeout as wait } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { localBigQuery } from '../../support/local-bigquery.ts'

const { query, rows } = await localBigQuery()

const asOf = (at: number): string => `FOR SYSTEM_TIME AS OF TIMESTAMP_MILLIS(${at})`

const count = (at: number): string => `SELECT COUNT(*) FROM crm.people ${asOf(at)}`

/** An instant that changes before it are certain to be before, and those after it after. */
async function instant(): Promise<number> {
  await wait(5)
  const at = Date.now()
  await wait(5)
  return at
}

test('a table is read as it was before each change, and as it is', async () => {
  await query('CREATE TABLE crm.past (id INT64)')
  const empty = await instant()
  await query('INSERT INTO crm.past (id) VALUES (1), (2)')
  const two = await instant()
  await query('DELETE FROM crm.past WHERE id = 1')
  const one = await instant()
  await query('CREATE OR REPLACE TABLE crm.past AS SELECT "other" AS name')
  const at = (time: number) => rows(`SELECT id FROM crm.past ${asOf(time)} ORDER BY id`)
  expect(await at(empty)).toEqual([])
  expect(await at(two)).toEqual([['1'], ['2']])
  expect(await at(one)).toEqual([['2']])
  expect(await rows('SELECT name FROM crm.past')).toEqual([['other']])
  // An alias before it, several of them, and any constant.
  expect(
    await rows(
      `SELECT COUNT(*) FROM crm.past AS a ${asOf(two)} JOIN crm.past AS b ${asOf(two)} USING (id)`,
    ),
  ).toEqual([['2']])
  const text = new Date(two).toISOString()
  expect(await rows(`SELECT COUNT(*) FROM crm.past FOR SYSTEM_TIME AS OF '${text}'`)).toEqual([
    ['2'],
  ])
})

test('what a folder holds was always there, as far as the window goes', async () => {
  const day = 86_400_000
  expect(await rows(count(Date.now() - 6 * day))).toEqual([['3']])
  const at = Date.now() - 8 * day
  expect((await query(count(at))).body.error).toMatchObject({
    errors: [{ reason: 'invalid' }],
    message: expect.stringMatching(
      new RegExp(
        `^Invalid snapshot time ${at} for table acme:crm.people@${at}\\. Cannot read before \\d+\\.$`,
      ),
    ),
  })
})

test.each([
  [
    'before the table was made',
    `SELECT 1 FROM crm.made ${asOf(Date.now() - 1_000)}`,
    'Cannot read before',
  ],
  ['in the future', `SELECT 1 FROM crm.people ${asOf(Date.now() + 600_000)}`, 'is to come'],
  ['of a row', 'SELECT 1 FROM crm.people p FOR SYSTEM_TIME AS OF p.born', 'Unrecognized name: p'],
  [
    'no time at all',
    'SELECT 1 FROM crm.people FOR SYSTEM_TIME AS OF CAST(NULL AS TIMESTAMP)',
    'NULL',
  ],
  ['of a view', `SELECT 1 FROM crm.adults ${asOf(Date.now() - 1_000)}`, 'a view'],
  [
    'and now',
    `SELECT 1 FROM crm.people ${asOf(Date.now() - 1_000)} JOIN crm.people AS now USING (id)`,
    'more than one point in time',
  ],
  [
    'and at another',
    `SELECT 1 FROM crm.people ${asOf(Date.now() - 1_000)} JOIN crm.people AS b ${asOf(Date.now() - 2_000)} USING (id)`,
    'more than one point in time',
  ],
])('a time %s is refused', async (_, sql, words) => {
  await query('CREATE TABLE IF NOT EXISTS crm.made AS SELECT 1 AS id')
  const { status, body } = await query(sql)
  expect(status).toBeGreaterThanOrEqual(400)
  expect(body.error.message).toContain(words)
})
