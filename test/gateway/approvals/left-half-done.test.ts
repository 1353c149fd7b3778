import { afterAll, beforeAll, expect, test } from 'vitest'

import type { Grant } from '../../../shared/approval/grant.ts'
import { startHeld } from '../../../shared/gateway/held/start-held.ts'
import type { Ports } from '../../../shared/gateway/ports.ts'
import { ok } from '../../../shared/kernel/result.ts'
import {
  type Instance,
  type Office,
  USE_MS,
  approvalOffice,
  approver,
  castBy,
} from '../../support/approval-office.ts'
import { expectSoundStory, expectWholeStory } from '../../support/grant-story.ts'
import { sharedMemory } from '../../support/shared-memory.ts'
import type { Fault } from '../../support/tripwire.ts'

let office: Office
let dying: Instance
let other: Instance
beforeAll(async () => {
  office = await approvalOffice(await sharedMemory(), { instances: 2 })
  const [first, second] = office.instances
  if (first === undefined || second === undefined) throw new Error('no instances')
  dying = first
  other = second
  await office.seen([approver(1), approver(2)])
})
afterAll(() => office.close())

/** A grant that one instance was to settle, and did not live to. */
async function diedAt(
  at: Fault['at'],
  when: Fault['when'],
  verdict: 'approve' | 'deny' = 'approve',
) {
  const { grant } = await office.asks()
  dying.wire.arm({ at, when, kind: 'crash' })
  await expect(office.deliver(castBy(grant, approver(1), verdict), dying)).rejects.toThrow(
    /crash|did not answer/,
  )
  dying.wire.arm()
  dying.ports.memory.grants.clear()
  return grant
}

const INSERT = 'bigquery jobs.insert'
const MINUTE_MS = 60_000
const jobOf = ({ job }: Grant) => office.bigQuery.jobs.get(job.jobId)
const typesOf = async ({ id }: Grant) => (await office.grant(id)).events.map(({ type }) => type)

test('a no that a crash kept off the record is on it after the next sweep', async () => {
  const grant = await diedAt('grants.change', 'after', 'deny')
  await other.desk.sweep()
  await expectWholeStory(office, grant.id)
  expect(await typesOf(grant)).toEqual(['asked', 'voted', 'denied'])
})

test('what is over and wholly told is looked at once', async () => {
  const { grant } = await office.asks()
  await office.deliver(castBy(grant, approver(1), 'deny'), other)
  await other.desk.sweep()
  other.wire.arm()
  await other.desk.sweep()
  expect(other.wire.steps).toEqual([])
})

test('what was revoked while somebody started it who then crashed is found out, and stopped', async () => {
  const grant = await diedAt(INSERT, 'after')
  await office.deliver(castBy(grant, approver(2), 'deny'), other)
  expect(jobOf(grant)?.cancelled).toBe(false)
  await office.sweepUp()
  await expectWholeStory(office, grant.id)
  expect(await typesOf(grant)).toEqual([
    'asked',
    'voted',
    'approved',
    'starting',
    'voted',
    'revoked',
    'started',
  ])
  expect(jobOf(grant)?.cancelled).toBe(true)
})

test('what was revoked before BigQuery had heard of it is over once nobody can send it any more', async () => {
  const grant = await diedAt(INSERT, 'before')
  await office.deliver(castBy(grant, approver(2), 'deny'), other)
  await office.sweepUp()
  // Whoever claimed it may be slow, and not dead.
  expect((await typesOf(grant)).at(-1)).toBe('revoked')
  office.time.offset += 2 * MINUTE_MS
  await office.sweep()
  await expectWholeStory(office, grant.id)
  expect((await typesOf(grant)).at(-1)).toBe('not-started')
  expect(jobOf(grant)).toBeUndefined()
})

test('an approval whose start crashed, and that nobody swept up in time, does not stay open', async () => {
  const grant = await diedAt(INSERT, 'before')
  office.time.offset += USE_MS
  await office.sweep()
  const { events } = await expectWholeStory(office, grant.id)
  expect(events.at(-1)).toMatchObject({ type: 'not-started', reason: 'it had to start before' })
  const started = await diedAt(INSERT, 'after')
  office.time.offset += USE_MS
  await office.sweep()
  await expectWholeStory(office, started.id)
  expect((await typesOf(started)).at(-1)).toBe('started')
})

test('a start that crashed before the policy changed is found out, not forgotten', async () => {
  const changed: Ports = { ...other.ports, policy: () => ok({ ...other.policy, digest: 'f' }) }
  const started = await diedAt(INSERT, 'after')
  const never = await diedAt(INSERT, 'before')
  office.time.offset += MINUTE_MS + 1_000
  await startHeld(changed, started.id)
  expect((await typesOf(started)).at(-1)).toBe('started')
  await startHeld(changed, never.id)
  expect((await typesOf(never)).at(-1)).toBe('starting')
  office.time.offset += 2 * MINUTE_MS
  await startHeld(changed, never.id)
  const { events } = await expectSoundStory(office, never.id)
  expect(events.at(-1)).toMatchObject({
    type: 'not-started',
    reason: 'the policy has changed since it was asked for',
  })
})

test('whoever took too long to start something sends nothing any more', async () => {
  const grant = await diedAt(3, 'before')
  const slow: Ports = {
    ...dying.ports,
    entries: {
      ...dying.ports.entries,
      create: (entry) => {
        office.time.offset += MINUTE_MS
        return dying.ports.entries.create(entry)
      },
    },
  }
  await expect(startHeld(slow, grant.id)).rejects.toThrow('too long')
  expect(jobOf(grant)).toBeUndefined()
  await office.sweepUp()
  await expectSoundStory(office, grant.id)
  expect(jobOf(grant)).toBeDefined()
})

test('what starts after everybody gave it up is stopped', async () => {
  const grant = await diedAt(3, 'before')
  const slow: Ports = {
    ...dying.ports,
    upstream: async (recorded, limits) => {
      if (recorded.call.method === 'jobs.insert') {
        await office.deliver(castBy(grant, approver(2), 'deny'), other)
        office.time.offset += 4 * MINUTE_MS
        await other.desk.sweep()
      }
      return dying.ports.upstream(recorded, limits)
    },
  }
  await startHeld(slow, grant.id)
  expect((await typesOf(grant)).slice(-2)).toEqual(['revoked', 'not-started'])
  expect(jobOf(grant)?.cancelled).toBe(true)
})
