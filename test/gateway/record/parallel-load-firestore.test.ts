import { beforeAll, describe } from 'vitest'

import { firestoreEmulator } from '../../support/firestore-emulator.ts'
import { guarantee } from '../../support/guarantee.ts'
import { awaken, inFirestore } from '../../support/kept-record.ts'
import { parallelLoad } from './parallel-load.ts'

const emulator = await firestoreEmulator()
const why = 'missing' in emulator ? `: ${emulator.missing}` : ''

if (why !== '') console.warn(`queries in parallel were not tried on Firestore${why}`)

describe.skipIf('missing' in emulator)(`on Firestore${why}`, () => {
  if ('missing' in emulator) return
  const place = inFirestore(emulator.host)
  beforeAll(() => awaken(place), 90_000)
  parallelLoad(place, (body) => guarantee('two-commits', body))
})
