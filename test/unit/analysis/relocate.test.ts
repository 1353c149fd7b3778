import { afterAll, expect, test } from 'vitest'

import { googleSqlAnalyzer } from '../../../shared/adapters/googlesql/analyzer.ts'
import { parseProjectId, tableReference } from '../../../shared/bigquery/reference.ts'

const analyzer = googleSqlAnalyzer()
afterAll(() => analyzer.close())
const projectId = parseProjectId('acme')
if (projectId === undefined) throw new Error('unreachable')
const defaults = { projectId, defaultDataset: undefined }

const moved = (sql: string, asOf?: number) =>
  analyzer.relocate(sql, defaults, {
    to: ({ datasetId, tableId }) =>
      datasetId === 'hospital' ? tableReference('box', 'h', tableId) : undefined,
    asOf,
  })

test('a time stands behind the alias of each table, and is understood', async () => {
  const text = await moved(
    'SELECT a.id FROM acme.hospital.p AS a JOIN acme.hospital.q USING (id)',
    5,
  )
  expect(text).toMatchObject({ ok: true })
  if (!text.ok) return
  expect(text.value.match(/FOR SYSTEM_TIME AS OF TIMESTAMP_MILLIS\(5\)/g)).toHaveLength(2)
  expect(await analyzer.analyze(text.value, defaults)).toMatchObject({
    ok: true,
    value: {
      tables: [
        { projectId: 'box', tableId: 'p' },
        { projectId: 'box', tableId: 'q' },
      ],
    },
  })
})

test('a wildcard is that of the sandbox, and none reaches past its dataset', async () => {
  const text = await moved('SELECT 1 AS n FROM `acme.hospital.p_*`')
  expect(text).toMatchObject({ ok: true, value: expect.stringMatching(/box.+h.+p_\*/) })
  expect(text).not.toMatchObject({ value: expect.stringContaining('acme') })
  expect(await moved('SELECT 1 AS n FROM `acme.finance.*`')).toMatchObject({ ok: false })
  expect(await moved('SELECT 1 AS n FROM `acme.*`')).toMatchObject({ ok: false })
})

test.each([
  ['SELECT 1 FROM acme.hospital.p, acme.finance.q', undefined, 'not-mapped'],
  ['SELECT acme.hospital.f(1) FROM acme.hospital.p', undefined, 'not-mapped'],
  ['DELETE FROM acme.hospital.p WHERE TRUE', 5, 'no-time-travel'],
  ['SELECT 1 FROM acme.hospital.p; SELECT 2', undefined, 'not-understood'],
])('%s as of %s is not moved: %s', async (sql, asOf, problem) => {
  expect(await moved(sql, asOf)).toEqual({ ok: false, error: { problem } })
})
