import type { Random } from '../data/random.ts'
import type { Actor } from './actors.ts'
import type { Expected, QueryStep, ReadStep, Step, Stretch, VoteStep } from './step.ts'

type Asked = Omit<Partial<QueryStep>, 'kind' | 'by' | 'sql'>

/** Writes down what one actor does in a stretch of the day, one thing after another. */
export interface StretchScript {
  readonly steps: readonly Step[]
  /** A query; some seconds pass first. Expected to bring rows unless said otherwise. */
  query(sql: string, asked?: Asked): StretchScript
  poll(of: string, expect: Expected): StretchScript
  page(of: string, maxResults: number): StretchScript
  vote(on: string, verdict: VoteStep['verdict'], reason: string): StretchScript
  read(path: string, status?: ReadStep['status']): StretchScript
  /** So many seconds later. */
  pause(seconds: number): StretchScript
  /** At this time of the day, `HH:MM:SS`. Throws when that is past. */
  until(time: string): StretchScript
}

/**
 * A stretch that begins at `from`, `HH:MM:SS`. Between two things `pace` seconds pass, from the first number to the
 * second, by `random`.
 */
export function stretchOf(
  actor: Actor,
  from: string,
  options: {
    readonly random: Random
    readonly pace: readonly [number, number]
    readonly address: string
    readonly session?: string
    readonly claims?: Readonly<Record<string, string>>
  },
): StretchScript {
  const { random, pace, address, session, claims } = options
  const by: Stretch = { actor, key: `${actor.id} ${from}`, session, claims, address }
  const steps: Step[] = []
  let at = timeOfDay(from)
  const add = (step: DistributiveOmit<Step, 'at'>): StretchScript => {
    steps.push({ at, ...step })
    at += random.between(pace[0] * 1000, pace[1] * 1000)
    return script
  }
  const script: StretchScript = {
    steps,
    query: (sql, asked = {}) => add({ kind: 'query', by, sql, expect: 'rows', ...asked }),
    poll: (of, expect) => add({ kind: 'poll', by, of, expect }),
    page: (of, maxResults) => add({ kind: 'page', by, of, maxResults }),
    vote: (on, verdict, reason) => add({ kind: 'vote', by, on, verdict, reason }),
    read: (path, status = 200) => add({ kind: 'read', by, path, status }),
    pause: (seconds) => {
      at += seconds * 1000
      return script
    },
    until: (time) => {
      if (timeOfDay(time) < at) throw new RangeError(`it is past \`${time}\``)
      at = timeOfDay(time)
      return script
    },
  }
  return script
}

/** Milliseconds since the day began, of `HH:MM:SS`. */
export function timeOfDay(time: string): number {
  return Date.parse(`1970-01-01T${time}Z`)
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
