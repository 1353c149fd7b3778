import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

import { sluice } from '../../functions/sluice.ts'
import { recordKeyFile } from '../../shared/adapters/key-file/record-key-file.ts'
import { trustText } from '../../shared/recording/log/trust-text.ts'
import { RECEIPT_HEADER } from '../../shared/recording/receipt-for.ts'
import { type DeployedFunctions, deployFunctions } from '../support/deployed-functions.ts'
import { firestoreEmulator } from '../support/firestore-emulator.ts'
import { pubSubEmulator } from '../support/pubsub-emulator.ts'

const [firestore, pubSub] = await Promise.all([firestoreEmulator(), pubSubEmulator()])
const missing = [firestore, pubSub].flatMap((one) => ('missing' in one ? [one.missing] : []))
if (missing.length > 0) console.warn(`the deployed record is not tested: ${missing.join('; ')}`)

describe.skipIf(missing.length > 0)(
  'the record as it is deployed, on Firestore',
  { timeout: 60_000 },
  () => {
    let here: DeployedFunctions
    beforeAll(async () => {
      if ('missing' in firestore || 'missing' in pubSub) throw new Error('unreachable')
      const emulators = { firestore: firestore.host, pubSub: pubSub.host }
      here = await deployFunctions(emulators, ['gateway', 'console', 'log-publisher'])
    }, 90_000)
    afterAll(() => here.close())

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
      const gateway = here.urlOf('gateway')
      const otto = join(here.folder, 'otto')
      writeFileSync(otto, await here.issuer.token('otto'))
      const console = here.urlOf('console')
      const exported = ['export', '--all', '--gateway', console, '--token-file', otto, '--out', out]
      expect(await sluice(exported)).toBe(0)
      const trust = join(here.folder, 'trust.json')
      const origin = `${new URL(gateway).host}/log`
      const keys = recordKeyFile(join(here.folder, 'record-keys.json'), origin)
      const authorities = [keys.authority.publicKey]
      const signers = await keys.log()
      writeFileSync(trust, trustText({ signers, authorities, witnesses: undefined }))
      const said = vi.spyOn(process.stdout, 'write').mockImplementation(() => true)
      const verdict = await sluice(['verify', out, '--trust', trust, '--receipts', receipts])
      expect(verdict, said.mock.calls.join('')).toBe(0)
      said.mockRestore()
    })
  },
)
