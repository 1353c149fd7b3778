import { generateKeyPairSync, hash, sign } from 'node:crypto'

import { seal } from '../../../shared/recording/log/seal.ts'
import { verifyEd25519 } from '../../../shared/tlog/ed25519.ts'
import { sealingWorld } from '../../support/sealing-world.ts'
import { arrayStore } from './array-store.ts'
import { type CostRow, cpuEach, cpuMicros, measureCosts } from './cost.ts'
import { benchRecorder, recordingCalls } from './recorded-calls.ts'

const ROUNDS = 3
const CALLS = 3_000
const BARE = 1_000

/**
 * What it costs to seal an entry, from a store and to objects in memory: read, judged, archived, put into the tree, staged and
 * published. The baseline is what no sealer can leave out: it verifies who wrote the entry, and hashes it.
 */
export async function measureSealCost(): Promise<readonly CostRow[]> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const message = Buffer.alloc(400, 7)
  const signature = sign(undefined, message, privateKey)
  const entry = Buffer.alloc(1_400, 7)
  return measureCosts('one entry sealed', ROUNDS, [
    {
      what: 'Ed25519 of its stamp and SHA-256 of its bytes, nothing else',
      measure: () =>
        cpuEach(BARE, () => {
          hash('sha256', entry, 'buffer')
          if (!verifyEd25519(publicKey, message, signature)) throw new Error('not verified')
        }),
    },
    { what: 'a whole run of the sealer', measure: sealOnce },
  ])
}

async function sealOnce(): Promise<number> {
  const store = arrayStore()
  const recordCall = recordingCalls(benchRecorder(store))
  // oxlint-disable-next-line no-await-in-loop -- one call after the other
  for (let call = 0; call < CALLS; call++) await recordCall()
  const log = sealingWorld().sealer({ entries: store, clock: Date.now })
  await log.writers.use(() => undefined)
  const entries = store.kept.length
  const before = cpuMicros()
  const { batches } = await seal(log)
  const each = (cpuMicros() - before) / entries
  if (batches.some(({ manifest }) => manifest.invalid.length > 0) || batches.length === 0)
    throw new Error('not sealed')
  return each
}
