import { durations } from '../shared/kernel/instruments.ts'
import type { Sealing } from '../shared/recording/log/seal.ts'
import { log } from './log.ts'

/** What a run of the sealer did, when it did anything. */
export interface SealedNow {
  readonly batches: number
  /** How long the oldest of its entries had waited. */
  readonly oldestSeconds: number
}

/**
 * Says in the log of this process what people should know of a run of the sealer at `now`, epoch milliseconds, and
 * returns what it did. A missing number may still be under way: it is said when it is missed for the second time, and
 * `missedBefore` keeps what was missed until the next run.
 */
export function reportSealing(
  { batches }: Sealing,
  missedBefore: Set<string>,
  now: number,
): SealedNow | undefined {
  const oldest = batches.reduce((first, batch) => Math.min(first, batch.oldest / 1000), now)
  const oldestSeconds = Math.round((now - oldest) / 1000)
  if (batches.length > 0) waited(oldestSeconds)
  for (const { manifest, cosigned, quorumMissed, manifestTaken } of batches) {
    const { batch, invalid, missing } = manifest
    if (quorumMissed) log('WARNING', 'too few witnesses cosigned', { batch, cosigned })
    if (invalid.length > 0)
      log('ERROR', 'the store holds what nobody here wrote', { batch, leaves: invalid.join(' ') })
    const named = missing.map(({ writer, number }) => `${writer}/${number}`)
    const numbers = named.filter((each) => missedBefore.has(each))
    if (numbers.length > 0) log('WARNING', 'entries are missing', { batch, numbers })
    missedBefore.clear()
    for (const each of named) missedBefore.add(each)
    if (manifestTaken) log('ERROR', 'the store holds another manifest', { batch })
  }
  return batches.length > 0 ? { batches: batches.length, oldestSeconds } : undefined
}

const waited = durations(
  'sluice.record.seal.wait',
  'How long the oldest entry of a run of the sealer had waited to be sealed.',
  [1, 5, 10, 30, 60, 120, 300, 600, 3600],
)
