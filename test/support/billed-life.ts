import { type Billed, billedStore } from './billed-store.ts'
import { inSqlite, keptRecord } from './kept-record.ts'
import { movableClock } from './movable-clock.ts'

const MINUTE_MS = 60_000
/** While requests come, the first of which the sealer and the index read most often in the end. */
const MINUTES = 6
/** From then on as many are read in a minute as in the next. */
const STEADY_FROM = 2
/** After that no handler of a request is alive, and its call is looked at. */
const CLOSED_AFTER_MS = 75 * MINUTE_MS
/** `sessionIdle` of policy, and more. */
const IDLE_AFTER_MS = 13 * 60 * MINUTE_MS
/** `retention.default` of policy, and more. */
const RETAINED_MS = 2_300 * 24 * 60 * MINUTE_MS

/** What was read and written, by who did it. `sealing` and `sweeping` are while traffic is steady. */
export interface BilledLife {
  readonly queries: number
  /** Queries in the minutes that `sealing` and `sweeping` are about, and how many minutes those are. */
  readonly steady: number
  readonly steadyMinutes: number
  readonly asking: Billed
  readonly sealing: Billed
  readonly sweeping: Billed
  readonly closing: Billed
  readonly retaining: Billed
}

/**
 * The life of a record from the first query to the last deletion, on a clock that is moved: so many queries in each of six minutes, by
 * turns in so many sessions, with the sealer and the sweeper every minute.
 */
export async function billedLife(perMinute: number, sessions: number): Promise<BilledLife> {
  const record = await keptRecord(inSqlite)
  const clock = movableClock()
  let now: Billed = nothing
  try {
    const gateway = await record.startHere((store) => {
      const { billed, ...counted } = billedStore(store)
      now = billed
      return counted.store
    })
    const during = async (work: () => Promise<unknown>): Promise<Billed> => {
      const before = { ...now }
      await work()
      return minus(now, before)
    }
    const ask = async (session: string): Promise<void> => {
      const { path, init } = await record.request('query', session)
      const answer = await gateway.fetch(new Request(`https://sluice.acme.example${path}`, init))
      if (answer.status !== 200) throw new Error(await answer.text())
    }
    const seal = () =>
      during(async () => gateway.desk?.(async ({ seal: run }) => void (await run?.())))
    const sweep = () => during(async () => gateway.desk?.((desk) => desk.sweep()))

    // GoogleSQL starts by a clock that runs; the statement is remembered.
    await ask('first')
    let [asking, sealing, sweeping] = [nothing, nothing, nothing]
    for (let minute = 0; minute < MINUTES; minute++) {
      for (let n = 0; n < perMinute; n++) {
        clock.ahead(minute * MINUTE_MS + Math.round(((n + 0.5) / perMinute) * MINUTE_MS))
        const session = `session-${(minute * perMinute + n) % sessions}`
        // oxlint-disable-next-line no-await-in-loop -- in their order
        asking = plus(asking, await during(() => ask(session)))
      }
      clock.ahead((minute + 1) * MINUTE_MS)
      // oxlint-disable-next-line no-await-in-loop
      const [sealed, swept] = [await seal(), await sweep()]
      if (minute >= STEADY_FROM) {
        sealing = plus(sealing, sealed)
        sweeping = plus(sweeping, swept)
      }
    }
    const later = async (byMs: number): Promise<Billed> => {
      clock.ahead(byMs)
      await seal()
      const first = await sweep()
      await seal()
      // What is read every minute is not part of it.
      return minus(first, await sweep())
    }
    const end = MINUTES * MINUTE_MS
    const calls = await later(end + CLOSED_AFTER_MS)
    const idle = await later(end + IDLE_AFTER_MS)
    clock.ahead(end + RETAINED_MS)
    await seal()
    const retaining = await during(async () => gateway.desk?.(({ retain }) => retain?.() ?? none()))
    return {
      queries: perMinute * MINUTES,
      steady: perMinute * (MINUTES - STEADY_FROM),
      steadyMinutes: MINUTES - STEADY_FROM,
      asking,
      sealing,
      sweeping,
      closing: plus(calls, idle),
      retaining,
    }
  } finally {
    clock.remove()
    await record.close()
  }
}

const nothing: Billed = { reads: 0, writes: 0, deletes: 0 }
const none = (): Promise<void> => Promise.resolve()

/** What `more` has of each query or session above `less`, where there are so many more: in all, and in the steady minutes. */
export function perUnit(
  less: BilledLife,
  more: BilledLife,
  [inAll, steady]: readonly [number, number],
): Billed {
  const each = (
    phase: 'asking' | 'sealing' | 'sweeping' | 'closing' | 'retaining',
    units: number,
  ) => (units === 0 ? nothing : divided(minus(more[phase], less[phase]), units))
  return [
    each('asking', inAll),
    each('sealing', steady),
    each('sweeping', steady),
    each('closing', inAll),
    each('retaining', inAll),
  ].reduce(plus)
}

function divided({ reads, writes, deletes }: Billed, by: number): Billed {
  return { reads: reads / by, writes: writes / by, deletes: deletes / by }
}

export function plus(a: Billed, b: Billed): Billed {
  return { reads: a.reads + b.reads, writes: a.writes + b.writes, deletes: a.deletes + b.deletes }
}

export function minus(a: Billed, b: Billed): Billed {
  return { reads: a.reads - b.reads, writes: a.writes - b.writes, deletes: a.deletes - b.deletes }
}
