import { beforeAll, describe, expect, test } from 'vitest'

import { firestoreEmulator } from '../../support/firestore-emulator.ts'
import { freePort } from '../../support/free-port.ts'
import { guarantee } from '../../support/guarantee.ts'
import { awaken, inFirestore, keptRecord } from '../../support/kept-record.ts'
import { crashTable } from './crash-table.ts'

const emulator = await firestoreEmulator()
const why = 'missing' in emulator ? `: ${emulator.missing}` : ''

if (why !== '') console.warn(`the crash table was not tried on Firestore${why}`)

describe.skipIf('missing' in emulator)(`on Firestore${why}`, () => {
  if ('missing' in emulator) return
  const place = inFirestore(emulator.host)
  beforeAll(() => awaken(place), 90_000)
  crashTable(place, (body) => guarantee('survives-kills', body))
})

test('a Firestore that is not there: 503, and BigQuery hears nothing', async () => {
  const record = await keptRecord(inFirestore(`127.0.0.1:${await freePort()}`))
  const child = await record.start()
  expect((await record.ask(child, 'query')).status).toBe(503)
  expect(record.upstream.requests).toEqual([])
  await record.close()
}, 90_000)
