import { type Load, load } from './load.ts'
import { REPLIES } from './replies.ts'
import { type Served, type Server, startServer } from './server.ts'
import { median, quantile } from './statistics.ts'
import type { World } from './world.ts'

/** What one server costs per request for one kind of reply. */
export interface WarmRow {
  readonly reply: string
  readonly server: string
  /** Of the server's process, with 8 requests under way; median over the rounds. */
  readonly cpuMs: number
  /** Times the pass-through's in the same round; median over the rounds. */
  readonly cpuRatio: number
  /** Of GoogleSQL, its child process. */
  readonly googleSqlCpuMs: number
  /** With one request under way, over all rounds. */
  readonly p50Ms: number
  readonly p99Ms: number
  readonly requests: number
  readonly rssMiB: number
}

const PASS_THROUGH: Served = { source: 'test/bench/functions/pass-through.ts', target: 'gateway' }
const SQLITE: Served = { source: 'functions/gateway.ts', target: 'gateway' }
const MEMORY: Served = { source: 'test/bench/functions/memory-gateway.ts', target: 'gateway' }

/** The first of each kind of reply is what the others are compared with. */
const CONTENDERS = [
  { server: 'Hono pass-through', served: PASS_THROUGH, fresh: false, masked: false },
  { server: 'Sluice, SQLite', served: SQLITE, fresh: false, masked: false },
  { server: 'Sluice, memory store', served: MEMORY, fresh: false, masked: false },
  { server: 'Sluice, memory store, new statements', served: MEMORY, fresh: true, masked: false },
  { server: 'Sluice, memory store, masked', served: MEMORY, fresh: false, masked: true },
] as const

const KINDS = [
  { reply: 'reply-1kb', warmUp: 200, alone: 60, together: 100 },
  { reply: 'reply-5mb', warmUp: 8, alone: 6, together: 8 },
  { reply: 'reply-5mb-gzip', warmUp: 8, alone: 6, together: 8 },
] as const

const CONCURRENCY = 8

export interface WarmOptions {
  readonly rounds: number
  /** No other round begins after this, as `performance.now()` counts. */
  readonly until: number
  readonly nodeOptions: readonly string[]
  readonly say: (progress: string) => void
}

/**
 * Measures all servers in turn, several times over, so that whatever else the machine does meets all
 * of them.
 */
export async function measureWarm(world: World, options: WarmOptions): Promise<readonly WarmRow[]> {
  const { rounds, until, nodeOptions, say } = options
  const servers = new Map<Served, Server>()
  try {
    for (const served of [PASS_THROUGH, SQLITE, MEMORY])
      servers.set(served, await startServer(served, world.env, nodeOptions))
    const duels = KINDS.flatMap((kind) =>
      CONTENDERS.filter(({ fresh }) => !fresh || kind.reply === 'reply-1kb').map((contender) => ({
        kind,
        contender,
        samples: [] as Sample[],
      })),
    )
    say('warm: warming up')
    for (const { kind, contender } of duels) {
      const { fresh, masked, served } = contender
      const what = {
        reply: kind.reply,
        requests: kind.warmUp,
        concurrency: CONCURRENCY,
        fresh,
        masked,
      }
      await load(serverOf(served).url, world.token, what)
    }
    for (let round = 1; round <= rounds; round++) {
      if (round > 1 && performance.now() > until) break
      say(`warm: round ${round} of ${rounds}`)
      for (const { kind, contender, samples } of duels)
        samples.push(
          await measure(serverOf(contender.served), world.token, { ...kind, ...contender }),
        )
    }
    return duels.map(({ kind, contender, samples }) => {
      const durations = samples.flatMap((sample) => sample.durations)
      const base = duels.find((duel) => duel.kind === kind)?.samples ?? []
      return {
        reply: REPLIES[kind.reply].name,
        server: contender.server,
        cpuMs: median(samples.map((sample) => sample.cpuMs)),
        cpuRatio: median(samples.map(({ cpuMs }, round) => cpuMs / (base[round]?.cpuMs ?? 0))),
        googleSqlCpuMs: median(samples.map((sample) => sample.childrenCpuMs)),
        p50Ms: median(durations),
        p99Ms: quantile(durations, 0.99),
        requests: samples.length * (kind.alone + kind.together),
        rssMiB: Math.max(...samples.map((sample) => sample.rssMiB)),
      }
    })
  } finally {
    await Promise.all([...servers.values()].map((server) => server.stop()))
  }

  function serverOf(served: Served): Server {
    const server = servers.get(served)
    if (server === undefined) throw new Error('not started')
    return server
  }
}

interface Sample {
  readonly durations: readonly number[]
  readonly cpuMs: number
  readonly childrenCpuMs: number
  readonly rssMiB: number
}

/** Latency with one connection, then CPU with several. */
async function measure(
  server: Server,
  token: string,
  what: Pick<Load, 'reply' | 'fresh' | 'masked'> & {
    readonly alone: number
    readonly together: number
  },
): Promise<Sample> {
  const { reply, fresh, masked, alone, together } = what
  const asked = { reply, fresh, masked }
  const durations = await load(server.url, token, { ...asked, requests: alone, concurrency: 1 })
  const before = await server.usage()
  await load(server.url, token, { ...asked, requests: together, concurrency: CONCURRENCY })
  const after = await server.usage()
  return {
    durations,
    cpuMs: (after.cpuMs - before.cpuMs) / together,
    childrenCpuMs: (after.childrenCpuMs - before.childrenCpuMs) / together,
    rssMiB: after.rssMiB,
  }
}
