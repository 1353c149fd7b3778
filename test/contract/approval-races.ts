import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Grant, GrantEventType } from '../../shared/approval/grant.ts'
import type { VoteCast } from '../../shared/approval/messages.ts'
import {
  type Office,
  type SharedStore,
  WAIT_MS,
  approvalOffice,
  approver,
  castBy,
} from '../support/approval-office.ts'
import { entriesOf, expectSoundStory, expectWholeStory } from '../support/grant-story.ts'
import { sampleGrantId } from '../support/sample-grant.ts'

const APPROVERS = Array.from({ length: 100 }, (_, n) => approver(n))

/** What holds whoever is faster, on every store. `rounds`: how often chance decides. */
export function approvalRaces(open: () => Promise<SharedStore>, rounds: number): void {
  let office: Office
  beforeAll(async () => {
    office = await approvalOffice(await open())
    await office.seen(APPROVERS)
  })
  afterAll(() => office.close())

  describe('votes at once', { timeout: 60_000 }, () => {
    test('of 100 people who say yes at once, each is on the record and one job starts', async () => {
      const { grant } = await office.asks('staff')
      const cast = APPROVERS.map((by) => castBy(grant, by))
      await deliverAtOnce(cast)
      const after = await expectSoundStory(office, grant.id, cast)
      expect(count(after, 'voted')).toBe(3)
      expect(typesOf(after).slice(-4)).toEqual(['voted', 'approved', 'starting', 'started'])
      expect(office.bigQuery.jobs.has(grant.job.jobId)).toBe(true)
    }, 60_000)

    test('of 100 copies of one vote one counts, and it is no quorum', async () => {
      const { grant } = await office.asks('staff')
      const cast = castBy(grant, approver(1))
      await deliverAtOnce(Array.from({ length: 100 }, () => cast))
      const after = await expectSoundStory(office, grant.id, [cast])
      expect(typesOf(after)).toEqual(['asked', 'voted'])
      expect(office.bigQuery.jobs.has(grant.job.jobId)).toBe(false)
    })

    test('100 votes of one person are one person', async () => {
      const { grant } = await office.asks('staff')
      const cast = Array.from({ length: 100 }, () => castBy(grant, approver(1)))
      await deliverAtOnce(cast)
      const after = await expectSoundStory(office, grant.id, cast)
      expect(typesOf(after)).toEqual(['asked', 'voted'])
    })

    test('two resolvers that get one deciding vote at once start one job', async () => {
      for (let round = 0; round < rounds; round++) {
        const { grant } = await office.asks()
        const cast = castBy(grant, approver(1))
        await Promise.all(office.instances.map((to) => office.deliverSurely(cast, to)))
        const after = await expectSoundStory(office, grant.id, [cast])
        expect(typesOf(after)).toEqual(['asked', 'voted', 'approved', 'starting', 'started'])
      }
    })
  })

  describe('a no', { timeout: 60_000 }, () => {
    test('is never lost: before the start nothing starts, and after it all is taken back', async () => {
      for (let round = 0; round < rounds; round++) {
        const { grant } = await office.asks()
        const cast = APPROVERS.slice(0, 6).map((by, n) =>
          castBy(grant, by, n % 2 === 0 ? 'approve' : 'deny'),
        )
        await deliverAtOnce(shuffled(cast))
        const after = await expectWholeStory(office, grant.id, cast)
        const how = typesOf(after).find((type) => type === 'denied' || type === 'revoked')
        expect(how).toBeDefined()
        if (how === 'denied') expect(office.bigQuery.jobs.has(grant.job.jobId)).toBe(false)
      }
    })

    test('that comes with the last yes stops the quorum', async () => {
      for (let round = 0; round < rounds; round++) {
        const { grant } = await office.asks('staff')
        const cast = APPROVERS.slice(0, 4).map((by, n) =>
          castBy(grant, by, n === 0 ? 'deny' : 'approve'),
        )
        await deliverAtOnce(shuffled(cast))
        await expectWholeStory(office, grant.id, cast)
      }
    })
  })

  describe('time that runs out while', { timeout: 60_000 }, () => {
    test('people vote leaves each vote in the grant or refused', async () => {
      for (let round = 0; round < rounds; round++) {
        const { grant } = await office.asks('staff')
        office.time.offset += WAIT_MS - 5
        const cast = APPROVERS.slice(0, 10).map((by, n) =>
          castBy(grant, by, n === 9 ? 'deny' : 'approve'),
        )
        const runsOut = later(() => (office.time.offset += 10))
        await Promise.all([deliverAtOnce(shuffled(cast)), runsOut, office.sweep()])
        await office.sweepUp()
        await expectWholeStory(office, grant.id, cast)
      }
    })
  })

  describe('deliveries', { timeout: 60_000 }, () => {
    test('in any order, number and place settle a grant once', async () => {
      for (let round = 0; round < rounds; round++) {
        const { grant } = await office.asks('staff')
        const cast = APPROVERS.slice(0, 5).map((by) => castBy(grant, by))
        const news = office.published.filter((message) => message.grant === grant.id)
        expect(news).toHaveLength(1)
        const copies = [...cast, ...news].flatMap((message) => [message, message, message])
        await Promise.all(shuffled(copies).map((each) => office.deliverSurely(each, office.any())))
        const after = await expectSoundStory(office, grant.id, cast)
        expect(count(after, 'starting')).toBe(1)
        expect(count(after, 'started')).toBe(1)
      }
    })

    test('that are faster than the grant are to come again, and leave no trace', async () => {
      const { grant } = await office.asks()
      const notYet = sampleGrantId(4_711)
      const cast = castBy({ ...grant, id: notYet }, approver(1))
      await expect(office.deliver(cast, office.any())).rejects.toThrow('no grant')
      expect(await entriesOf(office, notYet)).toEqual([])
      expect(await office.kept.grants.find(notYet)).toBeUndefined()
      await office.deliver({ ...cast, grant: grant.id }, office.any())
      await expectSoundStory(office, grant.id, [cast])
    })
  })

  function deliverAtOnce(cast: readonly VoteCast[]): Promise<unknown> {
    return Promise.all(
      cast.map((each, n) => {
        const to = office.instances[n % office.instances.length]
        if (to === undefined) throw new Error('no instance')
        return office.deliverSurely(each, to)
      }),
    )
  }
}

const typesOf = ({ events }: Grant): readonly GrantEventType[] => events.map(({ type }) => type)

const count = (grant: Grant, wanted: GrantEventType): number =>
  typesOf(grant).filter((type) => type === wanted).length

function shuffled<T>(all: readonly T[]): readonly T[] {
  return all
    .map((one) => ({ one, by: Math.random() }))
    .toSorted((a, b) => a.by - b.by)
    .map(({ one }) => one)
}

async function later(work: () => unknown): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 5))
  work()
}
