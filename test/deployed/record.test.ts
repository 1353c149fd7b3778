import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

import { sluice } from '../../functions/sluice.ts'
import { RECEIPT_HEADER } from '../../shared/recording/receipt-for.ts'
import { type DeployedFunctions, deployFunctions } from '../support/deployed-functions.ts'
import { deployment } from '../support/deployed/deployment.ts'

const on = await deployment()
const isMissing = 'missing' in on
if (isMissing) console.warn(`skipped, the deployed record: ${on.missing}`)

describe.skipIf(isMissing)(
  'the record as it is deployed, on Firestore',
  { timeout: 60_000 },
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
      const token = await here.googleToken(here.urlOf('log-publisher'))
      const sealed = await seal(token)
      expect(sealed.status, here.output('log-publisher')).toBe(204)
      const checkpoint = await here.request('console', '/log/checkpoint')
      expect(await checkpoint.text()).toMatch(/^127\.0\.0\.1:\d+\/log\n\d+\n/)

      const out = join(here.folder, 'record.ndjson')
      const otto = join(here.folder, 'otto')
      writeFileSync(otto, await here.issuer.token('otto'))
      const console = here.urlOf('console')
      const exported = ['export', '--all', '--gateway', console, '--token-file', otto, '--out', out]
      expect(await sluice(exported)).toBe(0)
      const trust = join(here.folder, 'trust.json')
      writeFileSync(trust, await here.trust())
      const said = vi.spyOn(process.stdout, 'write').mockImplementation(() => true)
      const verdict = await sluice(['verify', out, '--trust', trust, '--receipts', receipts])
      expect(verdict, said.mock.calls.join('')).toBe(0)
      said.mockRestore()
    })
  },
)
