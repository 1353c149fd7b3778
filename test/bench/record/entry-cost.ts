import { generateKeyPairSync, hash, randomBytes, sign } from 'node:crypto'

import { canonicalJson } from '../../../shared/kernel/canonical-json.ts'
import { encodeEntry, entryHash, stampEntry } from '../../../shared/recording/encode-entry.ts'
import { sealPart } from '../../../shared/recording/private-part.ts'
import { certifiedWriter } from '../../../shared/recording/writer.ts'
import { sampleFacts } from '../../support/sample-entries.ts'
import { ORIGIN, authority } from '../../support/sealing-world.ts'
import { arrayStore } from './array-store.ts'
import { type CostRow, cpuEach, cpuMicros, measureCosts } from './cost.ts'
import { benchRecorder, recordingCalls } from './recorded-calls.ts'

const ROUNDS = 7
const TIMES = 1_000

/**
 * What it takes to make an entry of a call ready for the store: the mean of a request and an outcome, with what they keep in
 * private. The baseline is the least that any signed record does: SHA-256 and Ed25519.
 */
export async function measureEntryCost(): Promise<readonly CostRow[]> {
  const store = arrayStore()
  const recordCall = recordingCalls(benchRecorder(store))
  await recordCall()
  const [request, outcome] = store.kept.slice(-2)
  if (request?.entry.type !== 'request' || outcome?.entry.type !== 'outcome')
    throw new Error('not recorded')
  const both = [
    { ...request, entry: request.entry, facts: ASKED },
    { ...outcome, entry: outcome.entry, facts: DELIVERED },
  ]
  const { privateKey } = generateKeyPairSync('ed25519')
  const { writer } = await certifiedWriter({
    log: ORIGIN,
    authority,
    clock: Date.now,
    instance: undefined,
  })
  const secret = { id: `${'a'.repeat(26)}.1`, secret: randomBytes(32) }
  // A request and its outcome in turn.
  const ofBoth = (work: (each: (typeof both)[number]) => void) => () =>
    cpuEach(TIMES, (turn) => both.slice(turn % 2, (turn % 2) + 1).forEach(work))
  return measureCosts('one entry', ROUNDS, [
    {
      what: 'SHA-256 and Ed25519 of its bytes, nothing else',
      measure: ofBoth(({ bytes }) => {
        hash('sha256', bytes, 'buffer')
        sign(undefined, bytes, privateKey)
      }),
    },
    {
      what: 'encrypt its private facts, encode and stamp it',
      aimMicros: 100,
      measure: ofBoth(({ entry, facts }) => {
        const { part, ciphertext } = sealPart(entry.id, facts, secret)
        stampEntry(writer, encodeEntry({ ...entry, private: part }), ciphertext)
      }),
    },
    {
      what: '– of this: its private facts',
      measure: ofBoth(({ entry, facts }) => sealPart(entry.id, facts, secret)),
    },
    { what: '– its canonical JSON', measure: ofBoth(({ entry }) => canonicalJson(entry)) },
    { what: '– its hash', measure: ofBoth(({ bytes }) => entryHash(bytes)) },
    {
      what: '– its stamp, signed',
      measure: ofBoth(({ entry, hash: digest }) => writer.stamp({ id: entry.id, hash: digest })),
    },
    {
      what: 'recordRequest and recordOutcome, half of both',
      measure: async () => {
        const before = cpuMicros()
        // oxlint-disable-next-line no-await-in-loop -- one call after the other
        for (let call = 0; call < TIMES / 2; call++) await recordCall()
        return (cpuMicros() - before) / TIMES
      },
    },
  ])
}

const ASKED = { sql: sampleFacts.sql, parameters: undefined, justification: undefined } as const
const DELIVERED = {
  error: undefined,
  body: undefined,
  bodySalt: randomBytes(32).toString('base64'),
} as const
