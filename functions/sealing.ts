import { createPublicKey } from 'node:crypto'

import { googleOwnIdentity } from '../shared/adapters/bigquery/google-own-identity.ts'
import { folderObjects } from '../shared/adapters/folder/folder-objects.ts'
import { registeredHolds } from '../shared/adapters/registers/holds.ts'
import { registeredLogState } from '../shared/adapters/registers/log-state.ts'
import { registeredProgress } from '../shared/adapters/registers/retention-progress.ts'
import { cloudStorageObjects } from '../shared/adapters/storage/cloud-storage-objects.ts'
import { tlogWitnesses } from '../shared/adapters/witness/tlog-witnesses.ts'
import {
  type WitnessRefusal,
  refusalText,
  speaksAgainstLog,
} from '../shared/adapters/witness/witness-refusal.ts'
import type { ReadableLog } from '../shared/console/log/readable-log.ts'
import type { Clock } from '../shared/kernel/clock.ts'
import type { Policy } from '../shared/policy/policy.ts'
import { parseTrust } from '../shared/recording/bundle/trust.ts'
import type { LogObjects } from '../shared/recording/log-objects.ts'
import { newestCheckpoint } from '../shared/recording/log/publish-checkpoint.ts'
import { seal } from '../shared/recording/log/seal.ts'
import { type SealedLog, usualLimits } from '../shared/recording/log/sealed-log.ts'
import { trustText } from '../shared/recording/log/trust-text.ts'
import type { Recorder } from '../shared/recording/recorder.ts'
import { applyRetention } from '../shared/recording/retention/apply-retention.ts'
import { retentionClasses } from '../shared/recording/retention/classes-of.ts'
import { log } from './log.ts'
import { once } from './once.ts'
import type { Store } from './open-store.ts'
import type { RecordParts } from './record.ts'
import { type SealedNow, reportSealing } from './report-sealing.ts'
import type { Settings } from './settings.ts'

/** What publishes the record in this process. */
export interface SealingParts {
  readonly objects: LogObjects
  /**
   * Seals what is durable, says in the log of this process what people should know, and resolves with what it did;
   * undefined when there was nothing to do. Rejects as `seal` does.
   */
  seal(policy: Policy): Promise<SealedNow | undefined>
  /** Deletes what policy no longer keeps, of what is sealed. Rejects as `applyRetention` does. */
  retain(policy: Policy, recorder: Recorder): Promise<void>
  /** What a verifier needs to believe, as a file. */
  trust(policy: Policy): Promise<string>
  /** The log as it is published, for whoever reads it. */
  readable(policy: Policy): ReadableLog
}

/** The parts that seal what `record` writes; undefined where the settings name no place for it. */
export function sealingIn(
  settings: Settings,
  { journal, keys }: RecordParts,
  store: Store,
): SealingParts | undefined {
  const { entries, writers, clock } = journal
  const objects = objectsIn(settings, clock)
  if (objects === undefined) return undefined
  const witnessesOf = tlogWitnesses({ onRefusal: reportRefusal })
  const { authority } = keys
  const publicKey = createPublicKey({ key: authority.publicKey, format: 'der', type: 'spki' })
  const state = registeredLogState(store.registers)
  const holds = registeredHolds(store.registers)
  const progress = registeredProgress(store.registers)
  const missedBefore = new Set<string>()
  let troubled: string | undefined
  const signersOf = once(keys.log)
  const logUnder = async ({ record }: Policy): Promise<SealedLog> => ({
    entries,
    objects,
    state,
    signers: await signersOf(),
    writers,
    authorities: [{ publicKey }],
    witnesses: witnessesOf(record),
    classesOf: retentionClasses(entries, () => record.retention),
    clock,
    limits: usualLimits,
  })
  const trust = async ({ record }: Policy): Promise<string> =>
    trustText({
      signers: await signersOf(),
      authorities: [authority.publicKey],
      witnesses: witnessesOf(record),
    })
  return {
    objects,
    async seal(policy) {
      try {
        const sealed = await seal(await logUnder(policy))
        troubled = undefined
        return reportSealing(sealed, missedBefore, clock())
      } catch (cause) {
        // In words of ours, and once while it lasts: somebody has to look.
        const reason = cause instanceof Error ? cause.message : 'unknown'
        if (reason !== troubled) log('ERROR', 'the record could not be sealed', { reason })
        troubled = reason
        throw cause
      }
    },
    async retain(policy, recorder) {
      const newest = await newestCheckpoint(await logUnder(policy))
      if (newest === undefined) return
      const { retention } = policy.record
      const ports = { ...recorder, holds, objects, remove: store.removeEntries, progress }
      await applyRetention(ports, retention, newest.size)
    },
    trust,
    readable: (policy) => ({
      objects,
      trust: async () => {
        const parsed = parseTrust(await trust(policy))
        if (!parsed.ok) throw new Error(`our own trust: ${parsed.error.join('; ')}`)
        return parsed.value
      },
    }),
  }
}

function objectsIn({ logObjects, logLockDays }: Settings, clock: Clock): LogObjects | undefined {
  if (logObjects?.kind === 'folder') return folderObjects(logObjects.name)
  if (logObjects === undefined) return undefined
  const lockMs = logLockDays * 24 * 60 * 60 * 1000
  return cloudStorageObjects({
    place: logObjects.name,
    ownIdentity: googleOwnIdentity(),
    // What is staged is published, and goes.
    ...(lockMs === 0
      ? {}
      : { retainUntil: (path) => (path.startsWith('staging/') ? undefined : clock() + lockMs) }),
  })
}

function reportRefusal(refusal: WitnessRefusal): void {
  log(speaksAgainstLog(refusal) ? 'ERROR' : 'WARNING', refusalText(refusal))
}
