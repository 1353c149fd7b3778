import type { WitnessTerms } from '../../policy/record-terms.ts'
import { encodeVerifierKey } from '../../tlog/verifier-key-text.ts'
import type { LogView } from '../views/log-view.ts'
import { healthOf } from './log-health.ts'
import type { EmptyLog, LogSeen } from './readable-log.ts'

/** A log as the API shows it, at this time, epoch milliseconds; the witnesses are those that policy names. */
export function viewOfLog(
  seen: LogSeen | EmptyLog,
  witnesses: readonly WitnessTerms[],
  now: number,
): LogView {
  const cosigners = new Set(
    'note' in seen && seen.checkpoint.ok
      ? seen.checkpoint.value.cosignatures.map(({ key }) => encodeVerifierKey(key))
      : [],
  )
  return {
    health: healthOf(seen, now),
    checkpoint: 'note' in seen ? seen.note : undefined,
    keys: seen.trust.keys.map(encodeVerifierKey),
    witnesses: witnesses.map(({ url, key }) => ({ url, key, cosigned: cosigners.has(key) })),
    batches: ('note' in seen ? seen.batches : []).map((batch) => ({
      batch: batch.batch,
      from: batch.from,
      size: batch.size,
      sealedAt: new Date(batch.at).toISOString(),
      root: batch.root,
      late: batch.late.length,
      invalid: batch.invalid.length,
      missing: batch.missing.length,
    })),
  }
}
