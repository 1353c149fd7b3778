import { expect, test } from 'vitest'

import { localBigQuery } from '../../support/local-bigquery.ts'

const { url, get, rows } = await localBigQuery()

const ANN = 'ann@example.com'

async function as(user: string, sql: string): Promise<unknown> {
  const response = await fetch(`${url}/bigquery/v2/projects/acme/queries`, {
    method: 'POST',
    headers: { authorization: `Bearer ${user}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: sql, useLegacySql: false }),
  })
  return response.json()
}

async function usersOf(query: string): Promise<Set<string>> {
  const { body } = await get(`/jobs${query}`)
  return new Set(body.jobs.map(({ user_email }: { user_email: string }) => user_email))
}

test('a job belongs to who came with an address for a token, and to one account without', async () => {
  await as(ANN, 'SELECT 1 AS hers')
  await rows('SELECT 2 AS anybodys')
  const jobs = 'FROM `region-us`.INFORMATION_SCHEMA.'
  const who = 'SELECT user_email, COUNT(*)'
  expect(
    await rows(`${who} ${jobs}JOBS WHERE query LIKE 'SELECT _ AS%' GROUP BY 1 ORDER BY 1`),
  ).toEqual([
    [ANN, '1'],
    ['local@sluice.example', '1'],
  ])
  expect(await as(ANN, `SELECT DISTINCT user_email ${jobs}JOBS_BY_USER`)).toMatchObject({
    rows: [{ f: [{ v: ANN }] }],
  })
})

test('SESSION_USER() is who asks', async () => {
  expect(await as(ANN, 'SELECT SESSION_USER()')).toMatchObject({ rows: [{ f: [{ v: ANN }] }] })
  expect(await rows('SELECT SESSION_USER()')).toEqual([['local@sluice.example']])
})

test('a list of jobs is that of who asks, unless they want those of all users', async () => {
  await as(ANN, 'SELECT 3')
  expect(await usersOf('')).toEqual(new Set(['local@sluice.example']))
  expect(await usersOf('?allUsers=true')).toEqual(new Set([ANN, 'local@sluice.example']))
})
