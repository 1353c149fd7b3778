import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Grant } from '../../shared/approval/grant.ts'
import { isOver, standingOf } from '../../shared/approval/standing.ts'
import {
  type Instance,
  type Office,
  type SharedStore,
  WAIT_MS,
  approvalOffice,
  approver,
  castBy,
} from '../support/approval-office.ts'
import { entriesOf, expectSoundStory, expectWholeStory } from '../support/grant-story.ts'
import type { Fault } from '../support/tripwire.ts'

/** What happens to a grant once it waits. Each act rejects, or answers 500, when it is to be done again. */
type Act = (office: Office, at: Instance, held: Held) => Promise<unknown>

interface Held {
  readonly grant: Grant
  readonly token: string
  readonly freshToken: () => Promise<string>
}

const vote =
  (n: number, verdict: 'approve' | 'deny', change: Parameters<typeof castBy>[3] = {}): Act =>
  (office, at, { grant }) =>
    office.deliver(castBy(grant, approver(n), verdict, { id: `vote${n}${verdict}`, ...change }), at)

const poll: Act = (_, at, { grant, token }) =>
  at.request(`/bigquery/v2/projects/acme/queries/${grant.job.jobId}?timeoutMs=0`, { token })

const cancel: Act = (_, at, { grant, token }) =>
  at.post(`/bigquery/v2/projects/acme/jobs/${grant.job.jobId}/cancel`, {}, { token })

const timePasses =
  (ms: number): Act =>
  async (office) =>
    void (office.time.offset += ms)

const sweep: Act = (_, at) => at.desk.sweep()

const BOX = { durationMs: 5 * 60_000, maximumBytes: 1_000_000_000 }

const SCENARIOS: Readonly<Record<string, readonly Act[]>> = {
  'it is approved': [vote(1, 'approve')],
  'it is denied': [vote(1, 'deny')],
  'it is revoked while it runs': [vote(1, 'approve'), vote(2, 'deny')],
  'a time box is granted': [vote(1, 'approve', { box: BOX })],
  'it is taken back': [cancel],
  'its time runs out and a sweep sees it': [timePasses(WAIT_MS), sweep],
  'its time runs out and its requester sees it': [timePasses(WAIT_MS), poll],
}

/** What is done again after a crash: everything, as by a queue that delivers again, or nothing. */
type After = 'again' | 'lost'

/** Which crashes are tried. */
interface Crashes {
  readonly kinds: readonly (readonly [Fault['kind'], After])[]
  /** Default: all. */
  readonly scenarios?: readonly (keyof typeof SCENARIOS)[]
}

/** A crash at every step of every story, and sweeps after it. */
export function approvalCrashes(
  open: () => Promise<SharedStore>,
  { kinds, scenarios = Object.keys(SCENARIOS) }: Crashes,
): void {
  let office: Office
  beforeAll(async () => {
    office = await approvalOffice(await open(), { random: () => 0 })
    await office.seen([approver(1), approver(2)])
  })
  afterAll(() => office.close())

  describe('a crash at every step while', { timeout: 60_000 }, () => {
    const matrix = scenarios.flatMap((name) =>
      kinds.map(([kind, after]) => [name, kind, after] as const),
    )
    test.each(matrix)(
      '%s (%s, %s)',
      async (name, kind, after) => {
        const acts = SCENARIOS[name] ?? []
        const steps = await story(office, acts, after, undefined)
        expect(steps.length).toBeGreaterThan(1)
        for (const [at, step] of steps.entries())
          for (const when of whenToFail(kind, at))
            try {
              await story(office, acts, after, { at, when, kind })
            } catch (cause) {
              throw new Error(`${kind} ${when} ${step} (${at} of ${steps.join(', ')})`, { cause })
            }
      },
      60_000,
    )

    test.skipIf(!scenarios.includes('it is approved'))('people are asked', async () => {
      const steps = await asking(office, undefined)
      for (const [at] of steps.entries())
        for (const when of whenToFail('crash', at))
          await asking(office, { at, when, kind: 'crash' })
    })
  })
}

/** Somebody asks, and asks again when nobody answers; one vote later it runs. */
async function asking(office: Office, fault: Fault | undefined): Promise<readonly string[]> {
  const [first, second] = office.instances
  if (first === undefined || second === undefined) throw new Error('no instances')
  const asker = await office.asker()
  first.wire.arm(fault)
  const reply = await asker.send(first)
  const steps = [...first.wire.steps]
  revive(first)
  const kept = reply.status === 200 ? reply : await asker.send(second)
  const grant = await office.grantOf(kept)
  await office.deliver(castBy(grant, approver(1)), second)
  await expectSoundStory(office, grant.id)
  expect(standingOf(await office.grant(grant.id)).hasStarted).toBe(true)
  return steps
}

/** One story with one fault in it, to its end; the steps of the instance that had it. */
async function story(
  office: Office,
  acts: readonly Act[],
  after: After,
  fault: Fault | undefined,
): Promise<readonly string[]> {
  const [first, second] = office.instances
  if (first === undefined || second === undefined) throw new Error('no instances')
  const held = await office.asks()
  const { id } = held.grant
  first.wire.arm(fault)
  const news = office.published.filter((message) => message.grant === id)
  const all: Act[] = [
    ...news.map(
      (one): Act =>
        (_, at) =>
          office.deliver(one, at),
    ),
    ...acts,
  ]
  for (const act of all)
    if (!(await went(act(office, first, held))) && after === 'again')
      await act(office, second, held)
  const steps = [...first.wire.steps]
  revive(first)

  await office.sweepUp()
  const grant = await expectSoundStory(office, id)
  const { state, hasStarted } = standingOf(grant)
  if (state === 'active') expect(hasStarted, 'what was approved has started').toBe(true)
  const events = grant.events.length
  await office.sweep()
  expect((await office.grant(id)).events, 'another sweep changes nothing').toHaveLength(events)
  if (!isOver(grant)) await office.sweepOut()
  const over = await expectWholeStory(office, id)
  const hasRows = standingOf(over).hasStarted && standingOf(over).state !== 'revoked'
  const token = await held.freshToken()
  expect(await poll(office, second, { ...held, token })).toHaveProperty('ok', hasRows)
  if (hasRows) {
    const ends = (await entriesOf(office, over.call)).filter(({ type }) => type === 'outcome')
    expect(ends).toMatchObject([{ outcome: 'released' }])
  }
  return steps
}

/** To die before a step is to die after the one before it: the world outside is the same. */
function whenToFail(kind: Fault['kind'], at: number): readonly Fault['when'][] {
  return kind === 'crash' && at > 0 ? ['after'] : ['before', 'after']
}

/** Somebody else in its place: it remembers nothing. */
function revive({ wire, ports }: Instance): void {
  wire.arm()
  const { grants, ended, started, killSwitches } = ports.memory
  for (const memory of [grants, ended, started]) memory.clear()
  killSwitches.at = undefined
}

async function went(act: Promise<unknown>): Promise<boolean> {
  try {
    const answer = await act
    return !(answer instanceof Response) || answer.status < 500
  } catch {
    return false
  }
}
