import { join } from 'node:path'

import { Pool } from 'undici'

import { askOnce } from './load.ts'
import { type Served, startServer } from './server.ts'
import { median } from './statistics.ts'
import type { World } from './world.ts'

/** What it takes from starting a process to its first answer; medians. */
export interface ColdRow {
  readonly server: string
  /** Whether Node finds its own compiled code, and has no types to strip. */
  readonly compileCache: boolean
  readonly firstAnswerMs: number
  /** Of these, until it listens: Node, imports, and what the entry point does before it serves. */
  readonly listeningMs: number
  /** Of the process until after the first answer, without its children. */
  readonly cpuMs: number
  readonly rssMiB: number
}

const EMPTY: Served = { source: 'test/bench/functions/empty.ts', target: 'empty' }
const PASS_THROUGH: Served = { source: 'test/bench/functions/pass-through.ts', target: 'gateway' }
const GATEWAY: Served = { source: 'functions/gateway.ts', target: 'gateway' }

/** The first with a cache, and without, is what the others are compared with. */
const STARTS = [
  { server: 'empty function', served: EMPTY, compileCache: false },
  { server: 'Hono pass-through', served: PASS_THROUGH, compileCache: false },
  { server: 'Sluice, SQLite', served: GATEWAY, compileCache: false },
  { server: 'empty function', served: EMPTY, compileCache: true },
  { server: 'Sluice, SQLite', served: GATEWAY, compileCache: true },
] as const

export interface ColdOptions {
  readonly rounds: number
  /** No other round begins after this, as `performance.now()` counts. */
  readonly until: number
  readonly say: (progress: string) => void
}

/** Starts each function, asks it one query (the empty one: anything) and stops it, in turn, several times. */
export async function measureColdStart(
  world: World,
  { rounds, until, say }: ColdOptions,
): Promise<readonly ColdRow[]> {
  const starts = STARTS.map((start) => ({ ...start, samples: [] as Sample[] }))
  // The first round fills the caches, Node's and the operating system's, and makes keys and tables.
  for (const start of starts) await startOnce(world, start)
  for (let round = 1; round <= rounds; round++) {
    if (round > 1 && performance.now() > until) break
    say(`cold start: round ${round} of ${rounds}`)
    for (const start of starts) start.samples.push(await startOnce(world, start))
  }
  return starts.map(({ server, compileCache, samples }) => ({
    server,
    compileCache,
    firstAnswerMs: median(samples.map((sample) => sample.firstAnswerMs)),
    listeningMs: median(samples.map((sample) => sample.listeningMs)),
    cpuMs: median(samples.map((sample) => sample.cpuMs)),
    rssMiB: median(samples.map((sample) => sample.rssMiB)),
  }))
}

type Sample = Omit<ColdRow, 'server' | 'compileCache'>

async function startOnce(
  world: World,
  { served, compileCache }: { readonly served: Served; readonly compileCache: boolean },
): Promise<Sample> {
  const cache = compileCache ? { NODE_COMPILE_CACHE: join(world.folder, 'compile-cache') } : {}
  const server = await startServer(served, (url) => ({ ...world.env(url), ...cache }))
  const pool = new Pool(server.url)
  try {
    if (served === EMPTY) await (await pool.request({ method: 'GET', path: '/' })).body.dump()
    else await askOnce(pool, world.token, { reply: 'reply-1kb' }, 0)
    const firstAnswerMs = performance.now() - server.startedAt
    const { cpuMs, rssMiB } = await server.usage()
    return { firstAnswerMs, listeningMs: server.listeningMs, cpuMs, rssMiB }
  } finally {
    await pool.close()
    await server.stop()
  }
}
