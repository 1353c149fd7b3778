import { describe, expect, test, vi } from 'vitest'

import { inProcessQueue } from '../../shared/adapters/in-process-queue/in-process-queue.ts'
import type { VoteCast } from '../../shared/approval/messages.ts'
import { sampleRequested, sampleVote } from '../support/sample-messages.ts'
import { queueContract } from './queue.ts'

const ignored = { onFailure: () => {}, firstBackoffMs: 2 }

describe('in-process queue', () => {
  queueContract(async (ends) => {
    const queue = inProcessQueue({ ...ends, ...ignored })
    const away = inProcessQueue({ ...ends, ...ignored })
    await away.close()
    return { ...queue, away: away.publish }
  })

  test('nothing is delivered before publishing resolves', async () => {
    const heard: VoteCast[] = []
    const queue = open(async (vote) => void heard.push(vote))
    await queue.publish(sampleVote())
    expect(heard).toEqual([])
    await vi.waitFor(() => expect(heard).toEqual([sampleVote()]), 10_000)
    await queue.close()
  })

  test('closing waits for what is being delivered, and delivers nothing after', async () => {
    const events: string[] = []
    const held = Promise.withResolvers<void>()
    const queue = open(async ({ id }) => {
      events.push(`begun ${id}`)
      await held.promise
      events.push(`ended ${id}`)
      throw new Error('again, please')
    })
    await queue.publish(sampleVote(1))
    await vi.waitFor(() => expect(events).toEqual(['begun vote-1']), 10_000)
    await queue.publish(sampleVote(2))
    const closed = queue.close().then(() => events.push('closed'))
    await expect(queue.publish(sampleVote(3))).rejects.toThrow('closed')
    held.resolve()
    await closed
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(events).toEqual(['begun vote-1', 'ended vote-1', 'closed'])
  })

  test('closing ends the wait between tries', async () => {
    const failures: unknown[] = []
    const queue = inProcessQueue({
      receive: { 'dev.sluice.approval.vote': () => Promise.reject(new Error('away')) },
      deadLetter: async () => {},
      onFailure: (cause) => failures.push(cause),
      firstBackoffMs: 60_000,
    })
    await queue.publish(sampleVote())
    await vi.waitFor(() => expect(failures).toEqual([new Error('away')]), 10_000)
    await queue.close()
  })

  test('a delivery that does not end is tried again', async () => {
    let tries = 0
    const queue = inProcessQueue({
      receive: { 'dev.sluice.approval.vote': () => (tries++ > 0 ? Promise.resolve() : never) },
      deadLetter: async () => {},
      ...ignored,
      ackDeadlineMs: 5,
    })
    await queue.publish(sampleVote())
    await vi.waitFor(() => expect(tries).toBe(2), 10_000)
    await queue.close()
  })

  test('what nobody receives ends among the dead letters', async () => {
    const dead: unknown[] = []
    const queue = inProcessQueue({
      receive: {},
      deadLetter: async (message) => void dead.push(message),
      ...ignored,
    })
    await queue.publish(sampleRequested())
    await vi.waitFor(() => expect(dead).toEqual([sampleRequested()]), 10_000)
    await queue.close()
  })

  test('whoever receives a message cannot change it for a later delivery', async () => {
    const heard: string[][] = []
    const queue = inProcessQueue({
      receive: {
        'dev.sluice.approval.requested': async ({ tables }) => {
          heard.push([...tables])
          Reflect.set(tables, 0, 'another')
          if (heard.length < 2) throw new Error('again, please')
        },
      },
      deadLetter: async () => {},
      ...ignored,
    })
    await queue.publish(sampleRequested())
    await vi.waitFor(() => expect(heard).toHaveLength(2), 10_000)
    expect(heard[1]).toEqual(sampleRequested().tables)
    await queue.close()
  })
})

const never = new Promise<void>(() => {})

const open = (receive: (vote: VoteCast) => Promise<void>) =>
  inProcessQueue({
    receive: { 'dev.sluice.approval.vote': receive },
    deadLetter: async () => {},
    ...ignored,
  })
