import { join } from 'node:path'

import { Pool } from 'undici'

import { folderObjects } from '../../../shared/adapters/folder/folder-objects.ts'
import { registeredLogState } from '../../../shared/adapters/registers/log-state.ts'
import { sqliteStore } from '../../../shared/adapters/sqlite/sqlite-store.ts'
import { findLeaf } from '../../../shared/recording/log/find-leaf.ts'
import { proveEntry } from '../../../shared/recording/log/prove-entry.ts'
import { publishCheckpoint } from '../../../shared/recording/log/publish-checkpoint.ts'
import { seal } from '../../../shared/recording/log/seal.ts'
import { encodeState } from '../../../shared/recording/log/sealer-state.ts'
import { sealingWorld } from '../../support/sealing-world.ts'
import { askOnce } from '../load.ts'
import { type Served, startServer } from '../server.ts'
import { median, quantile } from '../statistics.ts'
import type { World } from '../world.ts'
import { type FilledEntry, fillEntries } from './filled-entries.ts'
import { fillLog } from './filled-log.ts'
import { benchRecorder, recordingCalls } from './recorded-calls.ts'

/** What it costs to add to a record of one size, in milliseconds. */
export interface GrowingRow {
  /** In the store and in its log when it began. */
  readonly entries: number
  /** A query, answered by the gateway. */
  readonly query: Spread
  /** The request and the outcome of a call, durable. */
  readonly commits: Spread
  /** `findLeaf`, and `proveEntry`, of any entry. */
  readonly find: Spread
  readonly prove: Spread
  /** A run of the sealer that seals 100 entries. */
  readonly seal: Spread
}

interface Spread {
  readonly p50Ms: number
  readonly p95Ms: number
}

const SIZES = [1_000, 100_000, 1_000_000]
const GATEWAY: Served = { source: 'functions/gateway.ts', target: 'gateway' }
const ROUNDS = 5
const CALLS_OF_ROUND = 50
const QUERIES_OF_ROUND = 60
const FINDS_OF_ROUND = 40

/** Measures records of all sizes in turn, so that whatever else the machine does meets all of them. */
export async function measureGrowth(
  world: World,
  say: (progress: string) => void,
): Promise<readonly GrowingRow[]> {
  const records: Filled[] = []
  for (const size of SIZES) {
    say(`record: filling one of ${size} entries`)
    // oxlint-disable-next-line no-await-in-loop -- one after the other: each takes a core
    records.push(await fill(world.folder, size))
  }
  for (let round = 0; round <= ROUNDS; round++) {
    say(`record: round ${round} of ${ROUNDS}`)
    for (const record of records)
      // oxlint-disable-next-line no-await-in-loop -- together they would disturb each other
      await measureOnce(record, round === 0 ? emptySamples() : record.samples)
  }
  for (const { store } of records) store.close()
  // Its own entries are of another log: the sealer of this one must not see them.
  await measureQueries(world, records)
  return records.map(({ entries, samples }) => ({
    entries: entries.length,
    query: spread(samples.query),
    commits: spread(samples.commits),
    find: spread(samples.find),
    prove: spread(samples.prove),
    seal: spread(samples.seal),
  }))
}

type Filled = Awaited<ReturnType<typeof fill>>

/** Milliseconds. */
interface Samples {
  readonly query: number[]
  readonly commits: number[]
  readonly find: number[]
  readonly prove: number[]
  readonly seal: number[]
}

const emptySamples = (): Samples => ({ query: [], commits: [], find: [], prove: [], seal: [] })

async function fill(folder: string, size: number) {
  const path = join(folder, `record-${size}.sqlite`)
  const objectsFolder = join(folder, `log-${size}`)
  const entries = await fillEntries(path, size)
  const state = fillLog(objectsFolder, entries)
  const store = sqliteStore(path)
  const logState = registeredLogState(store.registers)
  const objects = folderObjects(objectsFolder)
  const log = sealingWorld().sealer({
    entries: store.entries,
    objects,
    state: logState,
    clock: Date.now,
  })
  await logState.write(encodeState(state), undefined)
  await publishCheckpoint(log, state)
  const recordCall = recordingCalls(benchRecorder(store.entries))
  const read = { objects, size: state.size }
  return { path, entries, store, log, read, recordCall, samples: emptySamples() }
}

/** Calls, a run of the sealer, and proofs of entries that are in the log by then. */
async function measureOnce(
  { entries, log, read, recordCall }: Filled,
  samples: Samples,
): Promise<void> {
  for (let call = 0; call < CALLS_OF_ROUND; call++)
    // oxlint-disable-next-line no-await-in-loop -- one after the other: it is latency that counts
    samples.commits.push(await timed(recordCall))
  samples.seal.push(await timed(() => seal(log)))
  for (let turn = 0; turn < FINDS_OF_ROUND; turn++) {
    const entry = anyOf(entries)
    // oxlint-disable-next-line no-await-in-loop
    samples.find.push(await timed(async () => found(await findLeaf(read, entry))))
    // oxlint-disable-next-line no-await-in-loop
    samples.prove.push(await timed(async () => found(await proveEntry(read, entry))))
  }
}

async function measureQueries(world: World, records: readonly Filled[]): Promise<void> {
  const served: { readonly record: Filled; readonly pool: Pool; stop(): Promise<void> }[] = []
  try {
    for (const record of records) {
      const env = (url: string) => ({ ...world.env(url), SLUICE_STORE: `sqlite:${record.path}` })
      // oxlint-disable-next-line no-await-in-loop
      const server = await startServer(GATEWAY, env)
      served.push({ record, pool: new Pool(server.url), stop: () => server.stop() })
    }
    for (let round = 0; round <= ROUNDS; round++)
      for (const { record, pool } of served)
        for (let turn = 0; turn < QUERIES_OF_ROUND; turn++) {
          // oxlint-disable-next-line no-await-in-loop
          const ms = await timed(() => askOnce(pool, world.token, { reply: 'reply-1kb' }, 0))
          if (round > 0) record.samples.query.push(ms)
        }
  } finally {
    await Promise.all(served.map(({ pool }) => pool.close()))
    await Promise.all(served.map(({ stop }) => stop()))
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

function anyOf(entries: readonly FilledEntry[]): FilledEntry {
  const entry = entries[Math.floor(Math.random() * entries.length)]
  if (entry === undefined) throw new Error('no entries')
  return entry
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('not in the log')
  return value
}

const spread = (all: readonly number[]): Spread => ({
  p50Ms: median(all),
  p95Ms: quantile(all, 0.95),
})
