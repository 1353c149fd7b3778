import { rootOf } from '../../tlog/compact-range.ts'
import { tilePath } from '../../tlog/tile-path.ts'
import { parseEdge, rangeOfEdge } from '../../tlog/tree-edge.ts'
import { edgeTiles } from '../../tlog/written-tiles.ts'
import { tellMissed } from '../tell-missed.ts'
import type { SealedBatchEntry } from '../upkeep-entry.ts'
import { awaitOpenings } from './await-openings.ts'
import { conflict } from './conflict.ts'
import { stagingPath } from './log-paths.ts'
import { type Grown, type MadeBatch, makeBatch } from './make-batch.ts'
import { forget, publish } from './publish.ts'
import { type Recovered, recover } from './recover.ts'
import type { SealedLog } from './sealed-log.ts'
import { encodeState } from './sealer-state.ts'
import { encodeStaged } from './staged-batch.ts'
import { taking } from './take-batch.ts'
import { unsealed } from './unsealed.ts'

/** What one run of a sealer did. */
export interface Sealing {
  readonly batches: readonly SealedBatch[]
  /** Another sealer was faster: what is left is its business. */
  readonly overtaken: boolean
}

export interface SealedBatch {
  readonly manifest: SealedBatchEntry
  /** When the oldest entry of the batch was committed, epoch microseconds; `Infinity` when it has none. */
  readonly oldest: number
  /** How many witnesses cosigned, and whether those are fewer than policy asks for. */
  readonly cosigned: number
  readonly quorumMissed: boolean
  /** The store has something else under the id of the manifest: somebody tampers with it. */
  readonly manifestTaken: boolean
}

/**
 * Seals everything that is durable, in one batch or several, and publishes it; first what another run left. Any number
 * of runs at a time, ended wherever you like, make one log. Rejects when a part cannot be reached: the next run goes on.
 * Throws, and says why, when the log is not what sealers left: then no run goes on.
 */
export async function seal(log: SealedLog): Promise<Sealing> {
  const { limits, clock } = log
  const found = await recover(log)
  let { version } = found
  let grown = await edgeOf(log, found)
  const since = (clock() - limits.openingMs) * 1000
  const reading = taking(unsealed(log, grown.state))
  let waitingFrom = Infinity
  const batches: SealedBatch[] = []
  for (;;) {
    const { batches: made, sealedAt } = grown.state
    // oxlint-disable-next-line no-await-in-loop -- a batch follows the one before
    const taken = await reading.take(made, limits.batch)
    const awaited = awaitOpenings(taken, grown.state, since)
    waitingFrom = Math.min(waitingFrom, awaited.waitingFrom)
    if (taken.length > 0 && awaited.ready.length === 0) continue
    const isDue = made === 0 || clock() - sealedAt >= limits.heartbeatMs
    if (taken.length === 0 && (!isDue || batches.length > 0)) return { batches, overtaken: false }
    // oxlint-disable-next-line no-await-in-loop
    const batch = await makeBatch(log, grown, { ...awaited, waitingFrom })
    // oxlint-disable-next-line no-await-in-loop
    const moved = await move(log, batch, version)
    if (!moved.won) return { batches, overtaken: true }
    // oxlint-disable-next-line no-await-in-loop
    const { cosigned, manifestTaken } = await publish(log, batch.staged)
    const { manifest } = batch
    const quorumMissed = cosigned < (log.witnesses?.quorum ?? 0)
    const oldest = awaited.ready.reduce(
      (first, each) => Math.min(first, each.committedAt),
      Infinity,
    )
    batches.push({ manifest, oldest, cosigned, quorumMissed, manifestTaken })
    if (moved.version === undefined) return { batches, overtaken: true }
    ;({ version } = moved)
    grown = batch.after
  }
}

type Moved =
  | { readonly won: false; readonly version?: undefined }
  /** `version` is undefined when somebody else went on from there already. */
  | { readonly won: true; readonly version: string | undefined }

/** Stages a batch and makes it count, if the state is still what it follows. */
async function move(
  log: SealedLog,
  { staged, after, writer }: MadeBatch,
  version: string | undefined,
): Promise<Moved> {
  const path = stagingPath(staged)
  const bytes = encodeState(after.state)
  let won = false
  try {
    if ((await log.objects.create(path, encodeStaged(staged))) === 'conflict') throw conflict(path)
    const written = await log.state
      .write(bytes, version)
      .then((isWritten) => ({ isWritten, cause: undefined }))
      .catch((cause: unknown) => ({ isWritten: undefined, cause }))
    const now = await log.state.read()
    // A store that was asked twice may refuse, or not answer for, what it has written.
    const isOurs = now?.bytes.equals(bytes) === true
    won = isOurs || written.isWritten === true
    if (won) return { won, version: isOurs ? now.version : undefined }
    if (written.isWritten === undefined) throw written.cause
    await forget(log, staged)
    return { won }
  } finally {
    if (!won) {
      writer.missed(staged.manifest.stamp, 'unknown')
      await tellMissed(log, writer)
    }
  }
}

/** The edge of the tree that sealers know, read from its tiles. Throws when that is another tree. */
async function edgeOf(log: SealedLog, { state }: Recovered): Promise<Grown> {
  const tiles = await Promise.all(
    edgeTiles(state.size).map((tile) => log.objects.read(tilePath(tile))),
  )
  const edge = parseEdge(
    state.size,
    tiles.filter((bytes) => bytes !== undefined),
  )
  if (!edge.ok || Buffer.compare(rootOf(rangeOfEdge(edge.value)), state.root) !== 0)
    throw new Error(`the tiles of the log at size \`${state.size}\` are not those of its sealers`)
  return { state, edge: edge.value }
}
