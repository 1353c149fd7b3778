import { proveConsistency } from '../../tlog/prove.ts'
import { verifyConsistency } from '../../tlog/verify-consistency.ts'
import { checkpointPath, stagingPath, type Head } from './log-paths.ts'
import { newestCheckpoint, publishCheckpoint } from './publish-checkpoint.ts'
import { publish } from './publish.ts'
import { hashesOf } from './read-log.ts'
import type { SealedLog } from './sealed-log.ts'
import { type SealerState, emptyState, parseState } from './sealer-state.ts'
import { parseStaged } from './staged-batch.ts'

/** What sealers share, all of which is published, and the version to replace. */
export interface Recovered {
  readonly state: SealerState
  /** Undefined before the first batch. */
  readonly version: string | undefined
}

/**
 * Publishes what somebody sealed and did not get to publish. Throws when what is published is no beginning of what
 * sealers know: somebody took their state back, or the log's objects away, and people have to look.
 */
export async function recover(log: SealedLog): Promise<Recovered> {
  // In this order: whatever is published, sealers knew before.
  const newest = await newestCheckpoint(log)
  const found = await log.state.read()
  const state = found === undefined ? emptyState : parseState(found.bytes)
  if (newest !== undefined && newest.size > state.size)
    throw new Error(
      `the log has \`${newest.size}\` leaves, and its sealers know of \`${state.size}\`: their state was rolled back`,
    )
  if (newest?.size !== state.size && state.size > 0) await finish(log, state)
  if (newest !== undefined && newest.size > 0) await isBeginning(log, newest, state)
  return { state, version: found?.version }
}

async function finish(log: SealedLog, state: SealerState): Promise<void> {
  if ((await log.objects.read(checkpointPath(state))) === undefined) {
    const path = stagingPath(state)
    const staged = await log.objects.read(path)
    if (staged !== undefined) {
      await publish(log, parseStaged(staged))
      return
    }
    // Somebody else may have finished it meanwhile.
    if ((await log.objects.read(checkpointPath(state))) === undefined)
      throw new Error(`a batch that was sealed is not published, and not staged: \`${path}\``)
  }
  await publishCheckpoint(log, state)
}

async function isBeginning({ objects }: SealedLog, newest: Head, state: Head): Promise<void> {
  const proof = await proveConsistency(newest.size, state.size, hashesOf(objects, state.size))
  if (!proof.ok || !verifyConsistency(newest, state, proof.value).ok)
    throw new Error(
      `what is published at size \`${newest.size}\` is no beginning of the log that sealers know`,
    )
}
