import { generateKeyPairSync, sign } from 'node:crypto'
import { availableParallelism } from 'node:os'

import { verifyBundle } from '../../../shared/recording/bundle/verify-bundle.ts'
import { verifyEd25519 } from '../../../shared/tlog/ed25519.ts'
import { bundleOf, encodeBundle } from '../../support/record-bundle.ts'
import type { RecordLog } from '../../support/record-log.ts'
import { recordStory } from '../../support/record-story.ts'
import { type CostRow, cpuEach, cpuMicros, measureCosts } from './cost.ts'

const ROUNDS = 3
/** Some 10,000 entries. */
const STORY_ROUNDS = 280
const BARE = 2_000

/**
 * What an entry costs whoever verifies a bundle of everything, on one thread and on all. The baseline verifies a signature,
 * and does nothing else; 8,000 in a second are 125 µs each.
 */
export async function measureVerifyCost(): Promise<readonly CostRow[]> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const message = Buffer.alloc(400, 7)
  const signature = sign(undefined, message, privateKey)
  const log = await recordStory(STORY_ROUNDS)
  const closed = encodeBundle(await bundleOf(log, { all: true }, { opened: false }))
  const opened = encodeBundle(await bundleOf(log, { all: true }, { opened: true }))
  const threads = availableParallelism()
  const verifying =
    (bundle: Buffer, how: { readonly threads: number; readonly chained?: boolean }) => () =>
      verifyOnce(log, bundle, how)
  return measureCosts(`one entry of ${log.sealed.length} verified`, ROUNDS, [
    {
      what: 'Ed25519 of its stamp, nothing else',
      measure: () =>
        cpuEach(BARE, () => {
          if (!verifyEd25519(publicKey, message, signature)) throw new Error('not verified')
        }),
    },
    { what: 'in one thread', aimMicros: 125, measure: verifying(closed, { threads: 0 }) },
    { what: 'in one thread, with private facts', measure: verifying(opened, { threads: 0 }) },
    {
      what: `in ${threads} threads, all of them together`,
      measure: verifying(closed, { threads }),
    },
    {
      what: 'in one thread, a signature for every run of a writer',
      aimMicros: 125,
      measure: verifying(closed, { threads: 0, chained: true }),
    },
  ])
}

async function verifyOnce(
  log: RecordLog,
  bundle: Buffer,
  how: { readonly threads: number; readonly chained?: boolean },
): Promise<number> {
  const before = cpuMicros()
  const report = await verifyBundle(chunksOf(bundle), {
    trust: log.trust,
    now: log.time.now + 1_000,
    ...how,
  })
  const each = (cpuMicros() - before) / log.sealed.length
  if (!report.ok || report.value.integrity !== 'sound') throw new Error('not sound')
  return each
}

async function* chunksOf(bundle: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bundle.length; at += CHUNK_BYTES)
    yield bundle.subarray(at, at + CHUNK_BYTES)
}

const CHUNK_BYTES = 1024 * 1024
