import { Pool } from 'undici'

import { startFirestoreEmulator } from '../support/emulators.ts'
import { type BuiltFunctions, buildFunctions, compileCacheOf } from './built-functions.ts'
import { askOnce } from './load.ts'
import { type Served, startServer } from './server.ts'
import { type PartOfStart, measureStartParts } from './start-parts.ts'
import { median } from './statistics.ts'
import type { World } from './world.ts'

/** What it takes from starting a process to its first answer; medians. */
export interface ColdRow {
  readonly server: string
  /** Whether Node finds its own compiled code, of the framework too. */
  readonly compileCache: boolean
  readonly firstAnswerMs: number
  /** Of these, until it listens: Node, imports, and what the entry point does before it serves. */
  readonly listeningMs: number
  /** Of the process until after the first answer, without its children. */
  readonly cpuMs: number
  /** After twenty more answers. */
  readonly rssMiB: number
  /** Of GoogleSQL's process, likewise. */
  readonly googleSqlRssMiB: number
}

export interface ColdStart {
  readonly rows: readonly ColdRow[]
  readonly parts: readonly PartOfStart[]
}

export interface ColdOptions {
  readonly rounds: number
  /** No other round begins after this, as `performance.now()` counts. */
  readonly until: number
  readonly say: (progress: string) => void
}

/** Which function is started, with what in its environment. */
interface Start {
  readonly server: string
  readonly served: Served
  readonly compileCache: boolean
  readonly env: NodeJS.ProcessEnv
}

/**
 * Starts each built function, asks it one query with a masked column (the empty one: anything) and stops it, in turn, several
 * times. Without an emulator of Firestore it is left out, and said.
 */
export async function measureColdStart(world: World, options: ColdOptions): Promise<ColdStart> {
  const { rounds, until, say } = options
  say('cold start: building the gateway')
  const built = await buildFunctions(world.folder)
  const emulator = await startFirestoreEmulator(process.env)
  if ('missing' in emulator) say(`cold start: without Firestore: ${emulator.missing}`)
  try {
    const host = 'missing' in emulator ? undefined : emulator.host
    const starts = startsOf(built, host).map((start) => ({ ...start, samples: [] as Sample[] }))
    // The first round fills the operating system's cache, and makes keys and tables.
    // An emulator that has just started may take longer than a query waits for its store.
    for (const start of starts) await startOnce(world, start).catch(() => startOnce(world, start))
    for (let round = 1; round <= rounds; round++) {
      if (round > 1 && performance.now() > until) break
      say(`cold start: round ${round} of ${rounds}`)
      for (const start of starts) start.samples.push(await startOnce(world, start))
    }
    const rows = starts.map(({ server, compileCache, samples }) => {
      const of = (value: (sample: Sample) => number): number => median(samples.map(value))
      return {
        server,
        compileCache,
        firstAnswerMs: of((sample) => sample.firstAnswerMs),
        listeningMs: of((sample) => sample.listeningMs),
        cpuMs: of((sample) => sample.cpuMs),
        rssMiB: of((sample) => sample.rssMiB),
        googleSqlRssMiB: of((sample) => sample.googleSqlRssMiB),
      }
    })
    say('cold start: its parts')
    const last = starts.at(-1)
    const parts = last === undefined ? [] : await measureStartParts(world, last, rows)
    return { rows, parts }
  } finally {
    if ('stop' in emulator) await emulator.stop()
  }
}

/** The first with a cache, and without, is what the others are compared with. */
function startsOf(built: BuiltFunctions, emulator: string | undefined): readonly Start[] {
  const empty = { server: 'empty function', served: { source: built.empty, target: 'empty' } }
  const gateway = { source: built.gateway, target: 'gateway' }
  const caches = compileCacheOf(built.gateway)
  const sqlite = { server: 'gateway, SQLite', served: gateway }
  const firestore = { server: 'gateway, Firestore', served: gateway }
  const store = {
    SLUICE_STORE: 'firestore:bench',
    FIRESTORE_EMULATOR_HOST: emulator,
    METADATA_SERVER_DETECTION: 'none',
  }
  return [
    { ...empty, compileCache: false, env: {} },
    { ...empty, compileCache: true, env: compileCacheOf(built.empty) },
    { ...sqlite, compileCache: false, env: { NODE_DISABLE_COMPILE_CACHE: '1' } },
    { ...sqlite, compileCache: true, env: caches },
    ...(emulator === undefined
      ? []
      : [{ ...firestore, compileCache: true, env: { ...caches, ...store } }]),
  ]
}

type Sample = Omit<ColdRow, 'server' | 'compileCache'>

async function startOnce(world: World, { served, env }: Start): Promise<Sample> {
  const server = await startServer(served, (url) => ({ ...world.env(url), ...env }))
  const pool = new Pool(server.url)
  try {
    const ask = (masked: boolean): Promise<string> =>
      askOnce(pool, world.token, { reply: 'reply-1kb', masked }, 0)
    const isEmpty = served.target === 'empty'
    const first = isEmpty ? '' : await ask(true)
    if (isEmpty) await (await pool.request({ method: 'GET', path: '/' })).body.dump()
    const firstAnswerMs = performance.now() - server.startedAt
    const { cpuMs } = await server.usage()
    if (!isEmpty && first === (await ask(false))) throw new Error('nothing was masked')
    if (!isEmpty) for (let more = 0; more < 20; more++) await ask(true)
    const { rssMiB, childrenRssMiB: googleSqlRssMiB } = await server.usage()
    return { firstAnswerMs, listeningMs: server.listeningMs, cpuMs, rssMiB, googleSqlRssMiB }
  } finally {
    await pool.close()
    await server.stop()
  }
}
