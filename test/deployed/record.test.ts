import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { RECEIPT_HEADER } from '../../shared/recording/receipt-for.ts'
import { type DeployedFunctions, deployFunctions } from '../support/deployed-functions.ts'
import { deployment } from '../support/deployed/deployment.ts'
import { verifiedExport } from '../support/deployed/verified-export.ts'

const on = await deployment()
const isMissing = 'missing' in on
if (isMissing) console.warn(`skipped, the deployed record: ${on.missing}`)

describe.skipIf(isMissing)(
  'the record as it is deployed, on Firestore',
  { timeout: 180_000 },
  () => {
    let here: DeployedFunctions
    beforeAll(async () => {
      if (!isMissing) here = await deployFunctions(on, ['gateway', 'console', 'log-publisher'])
    }, 90_000)
    afterAll(() => here?.close())

    const query = (sql: string) =>
      here.request('gateway', '/bigquery/v2/projects/acme/queries', {
        as: 'ana',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: sql, useLegacySql: false }),
      })
    const seal = async (token?: string) =>
      here.request('log-publisher', '/seal', {
        method: 'POST',
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      })

    test('nobody seals who is not the schedule', async () => {
      const forged = await here.googleToken('https://elsewhere.example')
      for (const token of [undefined, forged]) expect((await seal(token)).status).toBe(401)
      expect((await here.request('console', '/log/checkpoint')).status).toBe(404)
    })

    test('what was queried is sealed, exported, and verified offline with its receipts', async () => {
      const receipts = join(here.folder, 'receipts')
      mkdirSync(receipts)
      for (const limit of [1, 2, 3]) {
        const reply = await query(`SELECT id FROM acme.hospital.patients LIMIT ${limit}`)
        expect(reply.status, here.output('gateway')).toBe(200)
        writeFileSync(join(receipts, `${limit}`), reply.headers.get(RECEIPT_HEADER) ?? '')
      }
      expect((await query('SELECT * FROM acme.finance.payroll')).status).toBe(403)
      const { code, said } = await verifiedExport(here, receipts)
      expect(code, said).toBe(0)
      const checkpoint = await here.request('console', '/log/checkpoint')
      expect(await checkpoint.text()).toMatch(/^127\.0\.0\.1:\d+\/log\n\d+\n/)
      // The words that metrics are made of.
      expect(here.output('gateway')).toContain('"message":"call answered"')
      expect(here.output('log-publisher')).toContain('"message":"the record is sealed"')
    })
  },
)
