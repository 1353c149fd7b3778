import { beforeAll, describe } from 'vitest'

import { firestoreEmulator } from '../../support/firestore-emulator.ts'
import { guarantee } from '../../support/guarantee.ts'
import { awaken, inFirestore } from '../../support/kept-record.ts'
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
