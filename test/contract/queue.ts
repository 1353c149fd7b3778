import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

import type { ApprovalMessage, Publish } from '../../shared/approval/messages.ts'
import type { Receivers } from '../../shared/approval/receivers.ts'
import { sampleRequested, sampleVote } from '../support/sample-messages.ts'

export interface Ends {
  readonly receive: Receivers
  readonly deadLetter: (message: ApprovalMessage) => Promise<void>
}

export interface OpenQueue {
  readonly publish: Publish
  /** A publisher whose service does not answer. */
  readonly away: Publish
  close(): Promise<void>
}

/** A try every second, on the emulator. */
const PATIENCE = { timeout: 15_000, interval: 20 }

/** What every queue promises. */
export function queueContract(open: (ends: Ends) => Promise<OpenQueue>): void {
  describe('queue', () => {
    let queue: OpenQueue
    const heard: ApprovalMessage[] = []
    const dead: ApprovalMessage[] = []
    /** What happens when a message with this id is delivered. */
    const reactions = new Map<string, () => Promise<void>>()

    const receive = async (message: ApprovalMessage): Promise<void> => {
      heard.push(message)
      await reactions.get(message.id)?.()
    }

    beforeAll(async () => {
      queue = await open({
        receive: {
          'dev.sluice.approval.requested': receive,
          'dev.sluice.approval.vote': receive,
        },
        deadLetter: async (message) => {
          dead.push(message)
          await reactions.get(`dead ${message.id}`)?.()
        },
      })
    })
    afterAll(() => queue.close())

    test('a message of each type is delivered as it was published', async () => {
      const messages = [sampleRequested(1), sampleVote(1)]
      for (const message of messages) await queue.publish(message)
      await vi.waitFor(() => {
        for (const message of messages) expect(heard).toContainEqual(message)
      }, PATIENCE)
    })

    test('all of many are delivered, in whatever order', async () => {
      const votes = Array.from({ length: 40 }, (_, n) => sampleVote(100 + n))
      await Promise.all(votes.map(queue.publish))
      await vi.waitFor(() => {
        for (const vote of votes) expect(times(heard, vote)).toBeGreaterThan(0)
      }, PATIENCE)
    })

    test('whoever publishes does not wait for who receives, nor does another message', async () => {
      const [slow, quick] = [sampleVote(201), sampleVote(202)]
      const held = Promise.withResolvers<void>()
      reactions.set(slow.id, () => held.promise)
      await queue.publish(slow)
      await vi.waitFor(() => expect(times(heard, slow)).toBeGreaterThanOrEqual(1), PATIENCE)
      await queue.publish(quick)
      await vi.waitFor(() => expect(times(heard, quick)).toBeGreaterThanOrEqual(1), PATIENCE)
      held.resolve()
    })

    test('what was not taken comes again, the same', async () => {
      const vote = sampleVote(301)
      let failures = 2
      reactions.set(vote.id, async () => {
        if (failures-- > 0) throw new Error('not now')
      })
      await queue.publish(vote)
      await vi.waitFor(() => expect(times(heard, vote)).toBeGreaterThanOrEqual(3), PATIENCE)
      for (const again of heard.filter(({ id }) => id === vote.id)) expect(again).toEqual(vote)
      expect(times(dead, vote)).toBe(0)
    })

    test('what is never taken goes to the dead letters after five tries, and they persist', async () => {
      const vote = sampleVote(401)
      reactions.set(vote.id, () => Promise.reject(new Error('never')))
      let failures = 1
      reactions.set(`dead ${vote.id}`, async () => {
        if (failures-- > 0) throw new Error('not now')
      })
      await queue.publish(vote)
      await vi.waitFor(() => expect(times(dead, vote)).toBeGreaterThanOrEqual(2), PATIENCE)
      for (const letter of dead) expect(letter).toEqual(vote)
      expect(times(heard, vote)).toBeGreaterThanOrEqual(5)
      // The queue is not blocked.
      await queue.publish(sampleVote(402))
      await vi.waitFor(
        () => expect(times(heard, sampleVote(402))).toBeGreaterThanOrEqual(1),
        PATIENCE,
      )
    })

    test('the same message published twice is two deliveries that its id makes one', async () => {
      const requested = sampleRequested(501)
      await queue.publish(requested)
      await queue.publish(requested)
      await vi.waitFor(() => expect(times(heard, requested)).toBeGreaterThanOrEqual(2), PATIENCE)
    })

    test('a message that is too large is not published', async () => {
      const vote = sampleVote(601, { reason: 'x'.repeat(300_000) })
      await expect(queue.publish(vote)).rejects.toThrow('nobody would believe')
      expect(times(heard, vote)).toBe(0)
    })

    test('publishing rejects when the service is away', async () => {
      await expect(queue.away(sampleVote(701))).rejects.toThrow(/closed|not published/)
      expect(times(heard, sampleVote(701))).toBe(0)
    })
  })
}

/** How often a message is in a list: a queue may deliver more often than it has to. */
const times = (list: readonly ApprovalMessage[], { id }: ApprovalMessage): number =>
  list.filter((message) => message.id === id).length
