import { expect, test } from 'vitest'

import { registeredSessions } from '../../../../shared/adapters/registers/recorded-sessions.ts'
import type { KeptEntry } from '../../../../shared/recording/entry-store.ts'
import { sessionOf } from '../../../../shared/recording/entry.ts'
import { recordRequest } from '../../../../shared/recording/record-request.ts'
import { closeSessions } from '../../../../shared/recording/sessions/close-sessions.ts'
import { openRecordedSession } from '../../../../shared/recording/sessions/open-recorded-session.ts'
import { encodeBase64 } from '../../../../shared/tlog/base64.ts'
import { leafHash } from '../../../../shared/tlog/hash.ts'
import { memoryRegisters } from '../../../support/memory-registers.ts'
import { naiveRoot } from '../../../support/naive-tree.ts'
import { recordingWorld, sampleToRecord } from '../../../support/recording-world.ts'
import { sampleCallId, sampleSession } from '../../../support/sample-entries.ts'

const HOUR = 3_600_000
const IDLE = 12 * HOUR

function sessionWorld() {
  const world = recordingWorld()
  // The store has a clock of its own, which closings go by.
  world.time.now = Date.now()
  const registers = memoryRegisters()
  const reads: string[] = []
  const counted = {
    ...registers,
    read: (collection: string, key: string) => {
      reads.push(key)
      return registers.read(collection, key)
    },
  }
  const sessions = registeredSessions(counted)
  const troubles: unknown[] = []
  const instance = () => openRecordedSession(world.recorder, sessions)
  const session = sampleSession()
  let calls = 0
  const own = instance()
  /** A request as the gateway records it. */
  const ask = async (open = own) => {
    expect(await open(session, IDLE)).toEqual({ ok: true, value: undefined })
    await recordRequest(world.recorder, sampleToRecord(sampleCallId((calls += 1))))
  }
  const sweep = () =>
    closeSessions({
      recorder: world.recorder,
      sessions,
      idleMs: IDLE,
      onTrouble: (cause) => troubles.push(cause),
    })
  return { ...world, sessions, session, instance, ask, sweep, reads, troubles }
}

/** What a closing has to say of these entries, told apart by nothing but their commit times. */
function claimed(stored: readonly KeptEntry[], session: string, from: number, to: number) {
  const counted = stored
    .filter(({ entry }) => sessionOf(entry) === session)
    .filter(({ committedAt }) => committedAt >= from && committedAt < to)
    .toSorted((a, b) => a.committedAt - b.committedAt || (a.entry.id < b.entry.id ? -1 : 1))
  const root = naiveRoot(counted.map(({ hash }) => leafHash(Buffer.from(hash, 'hex'))))
  return { count: counted.length, root: encodeBase64(root) }
}

test('a session is on the record before anything in it, once, whatever instances serve it', async () => {
  const world = sessionWorld()
  await world.ask()
  await world.ask(world.instance())
  await Promise.all([world.ask(world.instance()), world.ask(world.instance())])
  const types = world.store.stored().map(({ entry }) => entry.type)
  expect(types).toEqual(['session-opened', 'request', 'request', 'request', 'request'])
  const [opened] = world.store.ofType('session-opened')
  expect(opened).toMatchObject({
    id: `session~${world.session.id}~opened`,
    principal: { subject: 'ana' },
    session: { id: world.session.id },
  })
})

test('instances that start it at once write one entry', async () => {
  const world = sessionWorld()
  const opened = await Promise.all(
    Array.from({ length: 4 }, () => world.instance()(world.session, IDLE)),
  )
  expect(opened.every(({ ok }) => ok)).toBe(true)
  expect(world.store.ofType('session-opened')).toHaveLength(1)
})

test('an instance reads once for a session, and not again while it is fresh', async () => {
  const world = sessionWorld()
  await world.ask()
  world.reads.length = 0
  const there = world.instance()
  for (let n = 0; n < 5; n += 1) await world.ask(there)
  expect(world.reads).toHaveLength(1)
})

test('without its first entry a session is not open', async () => {
  const world = sessionWorld()
  world.store.failNext('before', { type: 'session-opened', times: 3 })
  expect(await world.instance()(world.session, IDLE)).toMatchObject({
    ok: false,
    error: { problem: 'store-unavailable' },
  })
  expect(world.store.stored()).toEqual([])
  expect(await world.sessions.find(world.session.id)).toBeUndefined()
  await world.ask()
  expect(world.store.ofType('session-opened')).toHaveLength(1)
})

test('a session that was idle is closed: with what it has, by a root anybody can compute', async () => {
  const world = sessionWorld()
  for (let n = 0; n < 5; n += 1) await world.ask()
  world.time.now += IDLE + 1
  await world.sweep()
  const [closed] = world.store.ofType('session-closed')
  expect(closed).toMatchObject({ session: world.session.id, number: 0, from: 0, count: 6 })
  const { from = 0, to = 0, count, root } = closed ?? {}
  expect({ count, root }).toEqual(claimed(world.store.stored(), world.session.id, from, to))
  await world.sweep()
  expect(world.store.ofType('session-closed')).toHaveLength(1)
  expect(await world.sessions.listOpen(10)).toEqual([])
})

test('a session in use is not closed, also when the instance that serves it says so rarely', async () => {
  const world = sessionWorld()
  for (let n = 0; n < 60; n += 1) {
    await world.ask()
    world.time.now += HOUR
    await world.sweep()
  }
  expect(world.store.ofType('session-closed')).toEqual([])
})

test('a session that goes on is closed again, from where the last closing ended', async () => {
  const world = sessionWorld()
  await world.ask()
  world.time.now += IDLE + 1
  await world.sweep()
  await world.ask()
  await world.ask(world.instance())
  world.time.now += IDLE + 1
  await world.sweep()
  const [first, second, third] = world.store.ofType('session-closed')
  expect(third).toBeUndefined()
  // With the closing before, which is an entry of the session like any other.
  expect(second).toMatchObject({ number: 1, from: first?.to, count: 3 })
  const { from = 0, to = 0, count, root } = second ?? {}
  expect({ count, root }).toEqual(claimed(world.store.stored(), world.session.id, from, to))
})

test('what was written between the look and the closing is counted by the next', async () => {
  const world = sessionWorld()
  await world.ask()
  world.time.now += IDLE + 1
  const { list } = world.store.entries
  let asked = false
  const entries = {
    ...world.store.entries,
    list: async (query: Parameters<typeof list>[0]) => {
      const page = await list(query)
      if (!asked) {
        asked = true
        await world.ask(world.instance())
      }
      return page
    },
  }
  const recorder = { ...world.recorder, entries }
  await closeSessions({
    recorder,
    sessions: world.sessions,
    idleMs: IDLE,
    onTrouble: (cause) => {
      throw cause
    },
  })
  expect(world.store.ofType('session-closed')).toMatchObject([{ number: 0, count: 2 }])
  expect(await world.sessions.listOpen(10)).toEqual([world.session.id])
  world.time.now += IDLE + 1
  await world.sweep()
  const [, second] = world.store.ofType('session-closed')
  const { from = 0, to = 0, count, root } = second ?? {}
  expect({ count, root }).toEqual(claimed(world.store.stored(), world.session.id, from, to))
  expect(count).toBe(2)
})

test('a sweep that died after the entry is finished by the next, which goes by what is written', async () => {
  const world = sessionWorld()
  await world.ask()
  world.time.now += IDLE + 1
  const dying = {
    ...world.sessions,
    counted: () => Promise.reject(new Error('killed')),
  }
  const troubles: unknown[] = []
  await closeSessions({
    recorder: world.recorder,
    sessions: dying,
    idleMs: IDLE,
    onTrouble: (cause) => troubles.push(cause),
  })
  expect(troubles).toHaveLength(1)
  const [first] = world.store.ofType('session-closed')
  await world.ask(world.instance())
  world.time.now += IDLE + 1
  await world.sweep()
  await world.sweep()
  expect(world.troubles).toEqual([])
  const closed = world.store.ofType('session-closed')
  expect(closed.map(({ number, count }) => [number, count])).toEqual([
    [0, 2],
    [1, 2],
  ])
  expect(closed[1]?.from).toBe(first?.to)
})

test('two sweeps at once close a session once', async () => {
  const world = sessionWorld()
  await world.ask()
  world.time.now += IDLE + 1
  await Promise.all([world.sweep(), world.sweep()])
  expect(world.store.ofType('session-closed')).toHaveLength(1)
  expect(world.troubles).toEqual([])
})

test('one that cannot be closed keeps no other from its turn', async () => {
  const world = sessionWorld()
  await world.ask()
  await world.instance()(sampleSession('bob'), IDLE)
  world.time.now += IDLE + 1
  world.store.failNext('before', { operation: 'list' })
  await world.sweep()
  expect(world.troubles).toHaveLength(1)
  expect(world.store.ofType('session-closed')).toHaveLength(1)
  await world.sweep()
  expect(world.store.ofType('session-closed')).toHaveLength(2)
})

test('a sweep looks at no more sessions than are idle, and one', async () => {
  const world = sessionWorld()
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
    await world.instance()(sampleSession(name), IDLE)
    world.time.now += HOUR
  }
  world.reads.length = 0
  world.time.now += IDLE - 5 * HOUR
  await world.sweep()
  expect(world.store.ofType('session-closed')).toHaveLength(2)
  expect(new Set(world.reads).size).toBe(3)
})
