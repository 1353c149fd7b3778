import { randomBytes } from 'node:crypto'

import { expect, test } from 'vitest'

import { aesWrapKey } from '../../../../shared/adapters/key-file/aes-wrap-key.ts'
import { registeredHolds } from '../../../../shared/adapters/registers/holds.ts'
import { registeredErasures } from '../../../../shared/adapters/registers/pending-erasures.ts'
import { registeredSecrets } from '../../../../shared/adapters/registers/record-secrets.ts'
import { registered } from '../../../../shared/adapters/registers/registered.ts'
import type { GrantId } from '../../../../shared/approval/grant.ts'
import { principalKey } from '../../../../shared/identity/principal.ts'
import { ok } from '../../../../shared/kernel/result.ts'
import { type ErasureScope, erase } from '../../../../shared/recording/erasure/erase.ts'
import { resumeErasures } from '../../../../shared/recording/erasure/resume-erasures.ts'
import { setHold } from '../../../../shared/recording/holds/set-hold.ts'
import { openPart } from '../../../../shared/recording/private-part.ts'
import { recordRequest } from '../../../../shared/recording/record-request.ts'
import { recordedPrincipal } from '../../../../shared/recording/recorded-caller.ts'
import { guarantee } from '../../../support/guarantee.ts'
import { memoryRegisters } from '../../../support/memory-registers.ts'
import { recordingWorld, sampleToRecord } from '../../../support/recording-world.ts'
import { sampleCallId, sampleRequest, sampleSession } from '../../../support/sample-entries.ts'
import { sampleGrant } from '../../../support/sample-grant.ts'

const ANA = sampleSession('ana')
const BOB = sampleSession('bob')
const OWNER = principalKey(ANA.principal)
const by = recordedPrincipal(sampleSession('rita').principal)
const reason = 'asked for by the data subject, ticket 7'

function erasureWorld() {
  const world = recordingWorld()
  const registers = memoryRegisters()
  const { grants } = registered(registers)
  const holds = registeredHolds(registers)
  const pending = registeredErasures(registers)
  const secrets = registeredSecrets(registers, {
    wrapKey: aesWrapKey(randomBytes(32)),
    clock: () => world.time.now,
    random: (bytes) => randomBytes(bytes),
  })
  const recorder = { ...world.recorder, secrets }
  let calls = 0
  return {
    ...world,
    grants,
    holds,
    pending,
    secrets,
    recorder,
    ports: { ...recorder, holds, grants, pending },
    ask: async (session = ANA) => {
      const { value } = (await recordRequest(recorder, {
        ...sampleToRecord(sampleCallId((calls += 1))),
        session,
      })) as { value: { callId: string } }
      return `${value.callId}~request`
    },
    /** The private facts of an entry, if anybody can still read them. */
    read: async (id: string) => {
      const stored = await world.store.entries.get(id)
      const part = stored?.entry.type === 'request' ? stored.entry.private : undefined
      const secret = part && (await secrets.find(part.key))
      if (part === undefined || stored?.ciphertext === undefined) throw new Error('no facts')
      return secret && openPart(id, { part, ciphertext: stored.ciphertext }, secret.secret)?.facts
    },
    erase: (scope: ErasureScope) =>
      erase({ ...recorder, holds, grants, pending }, { scope, by, reason }),
    /** A grant of Ana's, and the request that waits for it. */
    askApproval: async (number: number) => {
      const grant = sampleGrant({ number, request: { session: ANA.id } })
      await grants.open(grant)
      const call = sampleCallId(1000 + number)
      await world.store.entries.create(sampleRequest({ call, grant: grant.id }))
      return grant.id
    },
    end: (id: GrantId) => grants.change(id, () => ok([{ type: 'cancelled', at: 1 }])),
  }
}

guarantee('erased-is-gone', async () => {
  const world = erasureWorld()
  const mine = [await world.ask(), await world.ask()]
  const others = await world.ask(BOB)
  const before = world.store.stored().map(({ bytes, hash }) => ({ bytes, hash }))
  expect(await world.read(mine[0] ?? '')).toContain('SELECT name')

  const erased = await world.erase({ session: ANA.id })

  expect(erased).toEqual(ok({ keys: [`${ANA.id}.1`] }))
  for (const id of mine) expect(await world.read(id)).toBeUndefined()
  expect(await world.read(others)).toContain('SELECT name')
  // What was written stays as it was, to the byte.
  const after = world.store.stored().map(({ bytes, hash }) => ({ bytes, hash }))
  expect(after.slice(0, before.length)).toEqual(before)
  expect(world.store.ofType('erased')).toMatchObject([
    { scope: { session: ANA.id }, keys: [`${ANA.id}.1`], by: { subject: 'rita' }, reason },
  ])
})

test('all sessions of a principal go, and nobody else’s', async () => {
  const world = erasureWorld()
  const other = { ...ANA, id: sampleSession('somebody').id }
  const mine = [await world.ask(), await world.ask(other)]
  const bobs = await world.ask(BOB)
  const erased = await world.erase({ principal: OWNER })
  expect(erased.ok && erased.value.keys.toSorted()).toEqual(
    [`${ANA.id}.1`, `${other.id}.1`].toSorted(),
  )
  for (const id of mine) expect(await world.read(id)).toBeUndefined()
  expect(await world.read(bobs)).toContain('SELECT name')
})

test('what is asked after an erasure is readable, and what went before is not', async () => {
  const world = erasureWorld()
  const before = await world.ask()
  await world.erase({ session: ANA.id })
  const after = await world.ask()
  expect(await world.read(before)).toBeUndefined()
  expect(await world.read(after)).toContain('SELECT name')
})

guarantee('held-stays', async () => {
  for (const scope of [{ session: ANA.id }, { principal: OWNER }, {}]) {
    const world = erasureWorld()
    const id = await world.ask()
    const hold = await setHold(world.recorder, world.holds, { scope, by, reason: 'litigation' })
    for (const wanted of [{ session: ANA.id }, { principal: OWNER }])
      expect(await world.erase(wanted)).toEqual({
        ok: false,
        error: { problem: 'on-hold', holds: [hold.id] },
      })
    expect(await world.read(id)).toContain('SELECT name')
    expect(world.store.ofType('erased')).toEqual([])
  }
})

test('a hold of somebody else’s holds nothing of mine', async () => {
  const world = erasureWorld()
  await world.ask()
  const scope = { principal: principalKey(BOB.principal) }
  await setHold(world.recorder, world.holds, { scope, by, reason: 'litigation' })
  expect((await world.erase({ session: ANA.id })).ok).toBe(true)
})

test('a hold on one session of somebody holds all that would go with it', async () => {
  const world = erasureWorld()
  const other = { ...ANA, id: sampleSession('somebody').id }
  const ids = [await world.ask(), await world.ask(other)]
  await setHold(world.recorder, world.holds, { scope: { session: other.id }, by, reason: 'x' })
  expect(await world.erase({ principal: OWNER })).toMatchObject({ ok: false })
  for (const id of ids) expect(await world.read(id)).toContain('SELECT name')
})

test('whose a session is that no entry says: any hold on a principal may mean it', async () => {
  const world = erasureWorld()
  const session = sampleSession('carol').id
  await world.secrets.current({ session, owner: 'https://id.example carol' })
  await setHold(world.recorder, world.holds, { scope: { principal: OWNER }, by, reason: 'x' })
  expect(await world.erase({ session })).toMatchObject({ error: { problem: 'on-hold' } })
  expect(await world.secrets.list({ session })).toHaveLength(1)
})

test('without the entry that says so nothing is destroyed', async () => {
  const world = erasureWorld()
  const id = await world.ask()
  const grant = await world.askApproval(1)
  await world.end(grant)
  world.store.failNext('before', { type: 'erased', times: Infinity })
  await expect(world.erase({ session: ANA.id })).rejects.toThrow('could not be recorded')
  expect(await world.read(id)).toContain('SELECT name')
  expect((await world.grants.find(grant))?.request.sql).toContain('SELECT name')
})

test('an erasure that died half way is finished by asking again', async () => {
  const world = erasureWorld()
  const id = await world.ask()
  const dying = { ...world.secrets, erase: () => Promise.reject(new Error('killed')) }
  const ports = { ...world.ports, secrets: dying }
  const scope = { session: ANA.id }
  await expect(erase(ports, { scope, by, reason })).rejects.toThrow('killed')
  expect(await world.erase(scope)).toEqual(ok({ keys: [`${ANA.id}.1`] }))
  expect(await world.read(id)).toBeUndefined()
  expect(world.store.ofType('erased')).toHaveLength(2)
})

test('an erasure that is on the record is finished by the sweep, whoever died', async () => {
  const world = erasureWorld()
  const id = await world.ask()
  const grant = await world.askApproval(1)
  await world.end(grant)
  const dying = { ...world.secrets, erase: () => Promise.reject(new Error('killed')) }
  const scope = { session: ANA.id }
  const killed = erase({ ...world.ports, secrets: dying }, { scope, by, reason })
  await expect(killed).rejects.toThrow('killed')
  expect(await world.read(id)).toContain('SELECT name')
  await resumeErasures({ ...world.ports, onTrouble: rethrow })
  expect(await world.read(id)).toBeUndefined()
  expect((await world.grants.find(grant))?.request.sql).toBe('-- erased')
  expect(await world.pending.list()).toEqual([])
  expect(world.store.ofType('erased')).toHaveLength(1)
})

test('an erasure that is not on the record is not finished', async () => {
  const world = erasureWorld()
  const id = await world.ask()
  world.store.failNext('before', { type: 'erased', times: Infinity })
  await expect(world.erase({ session: ANA.id })).rejects.toThrow('could not be recorded')
  world.store.recover()
  await resumeErasures({ ...world.ports, onTrouble: rethrow })
  expect(await world.pending.list()).toHaveLength(1)
  world.time.now += 11 * 60_000
  await resumeErasures({ ...world.ports, onTrouble: rethrow })
  expect(await world.pending.list()).toEqual([])
  expect(await world.read(id)).toContain('SELECT name')
})

test('what was put on hold before it was finished stays, and somebody hears of it', async () => {
  const world = erasureWorld()
  const id = await world.ask()
  const dying = { ...world.secrets, erase: () => Promise.reject(new Error('killed')) }
  const scope = { session: ANA.id }
  await expect(erase({ ...world.ports, secrets: dying }, { scope, by, reason })).rejects.toThrow(
    'killed',
  )
  await setHold(world.recorder, world.holds, { scope, by, reason: 'litigation' })
  const troubles: unknown[] = []
  await resumeErasures({ ...world.ports, onTrouble: (cause) => troubles.push(cause) })
  expect(troubles).toHaveLength(1)
  expect(await world.read(id)).toContain('SELECT name')
})

const rethrow = (cause: unknown): never => {
  throw cause
}

test('approvals keep neither SQL nor words of what was erased, and still say who approved what', async () => {
  const world = erasureWorld()
  const id = await world.askApproval(1)
  await world.end(id)
  const before = await world.grants.find(id)
  await world.grants.close(before ?? sampleGrant())
  await world.ask()
  expect((await world.erase({ session: ANA.id })).ok).toBe(true)
  const after = await world.grants.find(id)
  expect(JSON.stringify(after)).not.toMatch(/SELECT name|an audit/)
  expect(after).toMatchObject({ digest: before?.digest, events: before?.events })
  // Those who were told are told anew.
  expect(await world.grants.listOver(10)).toEqual([id])
})

test('what waits for people is not erased under them', async () => {
  const world = erasureWorld()
  const id = await world.ask()
  const grant = await world.askApproval(1)
  for (const scope of [{ session: ANA.id }, { principal: OWNER }])
    expect(await world.erase(scope)).toEqual({
      ok: false,
      error: { problem: 'approval-open', grants: [grant] },
    })
  expect(await world.read(id)).toContain('SELECT name')
  expect((await world.grants.find(grant))?.request.sql).toContain('SELECT name')
  expect(world.store.ofType('erased')).toEqual([])
  await world.end(grant)
  expect((await world.erase({ session: ANA.id })).ok).toBe(true)
})

test('of a session that has nothing, or nothing any more, there is nothing to erase', async () => {
  const world = erasureWorld()
  await world.ask()
  await world.erase({ session: ANA.id })
  for (const scope of [{ session: ANA.id }, { session: BOB.id }, { principal: 'x y' }])
    expect(await world.erase(scope)).toEqual({ ok: false, error: { problem: 'nothing-to-erase' } })
  expect(world.store.ofType('erased')).toHaveLength(1)
})
