import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Grant } from '../../shared/approval/grant.ts'
import type { VoteCast } from '../../shared/approval/messages.ts'
import {
  type Instance,
  type Office,
  type SharedStore,
  approvalOffice,
  approver,
  castBy,
} from '../support/approval-office.ts'
import { expectSoundStory, expectWholeStory } from '../support/grant-story.ts'
import type { Fault } from '../support/tripwire.ts'

/** What may happen; `at` is the instance to which it happens. */
type Act =
  | {
      readonly type: 'vote'
      readonly at: number
      readonly by: number
      readonly verdict: 'approve' | 'deny'
      /** Of the same message, each somewhere else. */
      readonly copies: number
    }
  | { readonly type: 'sweep' | 'poll' | 'cancel' | 'news'; readonly at: number }
  | { readonly type: 'time'; readonly at: number; readonly seconds: number }
  | { readonly type: 'crash'; readonly at: number; readonly step: number; readonly glitch: boolean }

const INSTANCES = 3
const at = fc.nat({ max: INSTANCES - 1 })

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('vote' as const),
      at,
      by: fc.nat({ max: 5 }),
      verdict: fc.constantFrom('approve' as const, 'approve' as const, 'deny' as const),
      copies: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constantFrom('sweep' as const, 'poll' as const, 'cancel' as const, 'news' as const),
      at,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('time' as const),
      at,
      seconds: fc.constantFrom(1, 30, 61, 200, 599, 1_199),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('crash' as const),
      at,
      step: fc.nat({ max: 9 }),
      glitch: fc.boolean(),
    }),
  },
)

/** What happens at once, and what after that. */
const stories = fc.record({
  table: fc.constantFrom('claims' as const, 'staff' as const),
  rounds: fc.array(fc.array(act, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 5 }),
})

/** Everything at once, by chance: `APPROVAL_RUNS` says how often, `APPROVAL_SEED` repeats what failed. */
export function approvalChances(open: () => Promise<SharedStore>, usualRuns: number): void {
  const { APPROVAL_RUNS: runs, APPROVAL_SEED: given } = process.env
  const numRuns = Number(runs ?? usualRuns)
  const seed = Number(given ?? Date.now() % 2 ** 31)

  describe('whatever happens to a grant', () => {
    let office: Office
    beforeAll(async () => {
      office = await approvalOffice(await open(), { instances: INSTANCES + 1 })
      await office.seen(Array.from({ length: 6 }, (_, n) => approver(n)))
    }, 60_000)
    afterAll(() => office.close())

    const timeout = 20_000 + numRuns * 1_000
    test(`its story is sound and whole (seed ${seed})`, { timeout }, async () => {
      await fc.assert(
        fc.asyncProperty(stories, (story) => happens(office, story)),
        { numRuns, seed, endOnFailure: false, interruptAfterTimeLimit: timeout - 5_000 },
      )
    })
  })
}

async function happens(
  office: Office,
  { table, rounds }: { readonly table: 'claims' | 'staff'; readonly rounds: readonly Act[][] },
): Promise<void> {
  const held = await office.asks(table)
  const cast: VoteCast[] = []
  for (const acts of rounds) {
    for (const one of acts)
      if (one.type === 'crash') instance(office, one.at).wire.arm(faultOf(one))
    const all = acts.flatMap((one) => doings(office, held, one, cast))
    // oxlint-disable-next-line no-await-in-loop -- round after round
    await Promise.allSettled(all.map((work) => work()))
    for (let n = 0; n < INSTANCES; n++) revive(instance(office, n))
  }
  const last = instance(office, INSTANCES)
  // The queue delivers again what was not taken.
  // oxlint-disable-next-line no-await-in-loop -- as many as there are
  for (const each of cast) await office.deliver(each, last)
  await office.sweepUp()
  await expectSoundStory(office, held.grant.id, cast)
  await office.sweepOut()
  const over = await expectWholeStory(office, held.grant.id, cast)
  expectNoIsHeard(over, cast)
}

function faultOf({ step, glitch }: Extract<Act, { type: 'crash' }>): Fault {
  const when = step % 2 === 0 ? 'before' : 'after'
  return { at: step, when, kind: glitch ? 'glitch' : 'crash' }
}

/** A no is denied or revoked, unless it came when nothing was left to stop. */
function expectNoIsHeard({ events }: Grant, cast: readonly VoteCast[]): void {
  for (const { vote } of cast.filter((each) => each.vote.verdict === 'deny')) {
    const n = events.findIndex((event) => event.type === 'voted' && event.vote.id === vote.id)
    if (n >= 0) expect(['denied', 'revoked']).toContain(events[n + 1]?.type)
  }
}

function doings(
  office: Office,
  { grant, token }: { readonly grant: Grant; readonly token: string },
  one: Act,
  cast: VoteCast[],
): readonly (() => Promise<unknown>)[] {
  const to = instance(office, one.at)
  const path = '/bigquery/v2/projects/acme'
  switch (one.type) {
    case 'vote': {
      const each = castBy(grant, approver(one.by), one.verdict)
      cast.push(each)
      return Array.from(
        { length: one.copies },
        (_, n) => () => office.deliver(each, instance(office, (one.at + n) % INSTANCES)),
      )
    }
    case 'sweep':
      return [() => to.desk.sweep()]
    case 'poll':
      return [() => to.request(`${path}/queries/${grant.job.jobId}?timeoutMs=0`, { token })]
    case 'cancel':
      return [() => to.post(`${path}/jobs/${grant.job.jobId}/cancel`, {}, { token })]
    case 'news':
      return office.published
        .filter((message) => message.grant === grant.id)
        .map((message) => () => office.deliver(message, to))
    case 'time':
      return [async () => void (office.time.offset += one.seconds * 1_000)]
    case 'crash':
      return []
  }
}

function instance({ instances }: Office, n: number): Instance {
  const found = instances[n]
  if (found === undefined) throw new Error('no such instance')
  return found
}

/** Somebody else in its place: it remembers nothing. */
function revive({ wire, ports }: Instance): void {
  wire.arm()
  ports.memory.grants.clear()
  ports.memory.ended.clear()
}
