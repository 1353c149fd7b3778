import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Entry } from '../../../shared/recording/entry.ts'
import { seeded } from '../data/random.ts'
import { readIdentities } from '../issuer/identities.ts'
import { startLocalStack } from '../local-stack.ts'
import { caller } from './call.ts'
import { type DayClock, dayClock } from './day-clock.ts'
import { inForce } from './in-force.ts'
import { policyEdition } from './policy-editions.ts'
import type { PolicyEdition, Step } from './step.ts'
import { dayStory } from './story/day-story.ts'
import { teller } from './teller.ts'
import { tokens } from './tokens.ts'
import { upkeepOf } from './upkeep.ts'

/** What a day is made of. */
export interface SeedOptions {
  /** The day, `YYYY-MM-DD`, UTC. */
  readonly day: string
  readonly state: string
  /** The policy that the editions of the day are made of. */
  readonly policy: string
  readonly port: number
  readonly issuerPort: number
  readonly bigqueryPort: number
  /** For tests: what begins later, in milliseconds of the day, is left out. */
  readonly until?: number
  readonly onStep?: (step: Step, done: number, of: number) => void
  readonly onEntry?: (entry: Entry) => void
}

/** What came of it. */
export interface Seeded {
  readonly gateway: string
  readonly calls: number
  readonly sessions: number
  readonly entries: number
}

/**
 * Plays a day of traffic through the gateway, in this process, whose `Date` shows the time of that day meanwhile. Of the
 * same day who asks what at which second, how it is decided and in which session is the same each time; ids, keys and
 * signatures are not. Rejects when the stack cannot start, or when something ends otherwise than the story says.
 */
export async function seedDay(options: SeedOptions): Promise<Seeded> {
  const start = Date.parse(`${options.day}T00:00:00Z`)
  const clock = dayClock(start)
  const random = seeded(start / 86_400_000)
  try {
    return await play(options, { clock, start, takes: (low, high) => random.between(low, high) })
  } finally {
    clock.end()
  }
}

interface Day {
  readonly clock: DayClock
  readonly start: number
  /** How long something takes, in milliseconds. */
  readonly takes: (low: number, high: number) => number
}

async function play(options: SeedOptions, { clock, start, takes }: Day): Promise<Seeded> {
  const { state, day, port, issuerPort, bigqueryPort } = options
  mkdirSync(state, { recursive: true, mode: 0o700 })
  const example = readFileSync(options.policy, 'utf8')
  const policy = join(state, 'seeded-policy.yaml')
  const write = (edition: PolicyEdition): string => {
    const text = policyEdition(example, edition)
    writeFileSync(policy, text)
    return text
  }
  write('morning')
  const seen = { calls: 0, entries: 0, sessions: new Set<string>(), grant: '' }
  const stack = await startLocalStack({
    port,
    issuerPort,
    bigqueryPort,
    state,
    policy,
    upkeep: 'by-hand',
    proxyHops: 1,
    onRequest: () => clock.pass(takes(1, 6)),
    bigQuery: {
      workers: 1,
      beforeJob: async () => clock.pass(takes(140, 2_600)),
      onRequest: () => clock.pass(takes(15, 60)),
    },
    onEntry: (entry) => {
      seen.entries += 1
      if (entry.type === 'request' || entry.type === 'refusal') seen.calls += 1
      if (entry.type === 'session-opened') seen.sessions.add(entry.session.id)
      if (entry.type === 'request' && entry.grant !== undefined) seen.grant = entry.grant
      options.onEntry?.(entry)
    },
  })
  try {
    const bearers = tokens({
      gateway: stack.gateway,
      issuer: stack.issuer.url,
      identities: readIdentities(join(import.meta.dirname, '../identities.yaml')),
      clock: () => clock.now(),
    })
    const tell = teller({
      call: caller(stack.gateway, (by) => bearers.of(by)),
      newestGrant: () => seen.grant,
      oldToken: (key) => bearers.last(key),
      setPolicy: (edition) => inForce(write(edition), join(state, 'policy.yaml'), stack),
    })
    const upkeep = upkeepOf(
      clock,
      () => stack.upkeep(),
      () => seen.entries,
    )
    const story = dayStory(day).filter(({ at }) => at < (options.until ?? Infinity))
    for (const [index, step] of story.entries()) {
      // oxlint-disable no-await-in-loop -- one thing after another: that is what a day is
      await upkeep.until(start + step.at)
      options.onStep?.(step, index + 1, story.length)
      await tell(step)
      // oxlint-enable no-await-in-loop
    }
    await upkeep.until(start + Math.min(options.until ?? Infinity, 86_399_000))
    return {
      gateway: stack.gateway,
      calls: seen.calls,
      sessions: seen.sessions.size,
      entries: seen.entries,
    }
  } finally {
    await stack.close()
  }
}
