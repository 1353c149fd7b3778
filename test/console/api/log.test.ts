import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { logViewRoutes } from '../../../shared/console/api/log-view-routes.ts'
import { logView, verdictView } from '../../../shared/console/views/log-view.ts'
import { auditPartWorld } from '../../support/audit-part-world.ts'
import { errorOf } from '../../support/error-of.ts'

const open = (limits?: { readonly leaves: number; readonly ms: number }) =>
  auditPartWorld(() => (limits === undefined ? {} : { verifyLimits: limits }), logViewRoutes)

let world: ReturnType<typeof open>
beforeEach(() => {
  world = open()
})
afterEach(() => world.store.close())

const AGENT = { act: { sub: 'agent' } }
const HOUR = 3_600_000
const lately = () => ({
  from: new Date(Date.now() - HOUR).toISOString(),
  to: new Date(Date.now() + HOUR).toISOString(),
})

describe('the log', () => {
  test('an auditor sees the checkpoint, its keys and its batches, and it is on the record', async () => {
    await world.call()
    await world.seal()
    const reply = await world.send('/log', { as: 'otto' })
    expect(reply.status).toBe(200)
    const { health, checkpoint, keys, batches } = logView.parse(await reply.json())
    // The sealer opened its writer to stamp the batch.
    expect(health).toMatchObject({ state: 'healthy', problems: [], unsealed: 1 })
    expect(checkpoint).toBe(world.objects.stored.get('checkpoint')?.toString())
    expect(keys).toHaveLength(2)
    expect(batches).toMatchObject([{ batch: 0, from: 0, size: health.treeSize, invalid: 0 }])
    expect(await world.recorded()).toEqual(['log.get'])
  })

  test('before anything is sealed it says how much waits', async () => {
    await world.call()
    const { health, checkpoint } = logView.parse(
      await (await world.send('/log', { as: 'otto' })).json(),
    )
    expect(checkpoint).toBeUndefined()
    expect(health).toMatchObject({ treeSize: 0, unsealed: 4 })
    expect(health.oldestUnsealedAt).toBeDefined()
  })

  test('an environment without a log has one that is off', async () => {
    world.ports.log = undefined
    const { health } = logView.parse(await (await world.send('/log', { as: 'otto' })).json())
    expect(health.state).toBe('off')
    const verify = await world.send('/log/verify', { as: 'otto', body: lately() })
    expect(verify.status).toBe(503)
  })
})

describe('verify now', () => {
  test('what is as it was written is sound, and nothing is missing', async () => {
    await world.call()
    await world.seal()
    await world.call()
    await world.seal()
    const reply = await world.send('/log/verify', { as: 'otto', body: lately() })
    const verdict = verdictView.parse(await reply.json())
    expect(verdict).toMatchObject({
      isAll: true,
      integrity: 'sound',
      completeness: 'complete',
      findings: [],
      unsealed: 0,
    })
    expect(verdict.entries).toBe(verdict.treeSize)
    expect(await world.recorded()).toEqual(['log.verify'])
  })

  test('an entry that was changed in the store is found, and which', async () => {
    const call = await world.call()
    await world.seal()
    const entries = world.ports.entries
    const changed = {
      ...world.ports,
      entries: {
        ...entries,
        get: async (id: string) => entries.get(id),
        committed: async (...asked: Parameters<typeof entries.committed>) =>
          (await entries.committed(...asked)).map((raw) =>
            raw.id === `${call}~request`
              ? { ...raw, bytes: Buffer.from(raw.bytes.toString().replace('analysts', 'nobodies')) }
              : raw,
          ),
      },
    }
    const other = auditPartWorld(() => ({ ...changed, log: world.ports.log }), logViewRoutes)
    const reply = await other.send('/log/verify', { as: 'otto', body: lately() })
    const verdict = verdictView.parse(await reply.json())
    expect(verdict.integrity).toBe('broken')
    expect(verdict.completeness).not.toBe('complete')
    expect(verdict.findings.join('\n')).toContain(call)
    other.store.close()
  })

  test('what is too much for somebody who waits is cut at its beginning, and it says so', async () => {
    world.store.close()
    world = open({ leaves: 8, ms: 20_000 })
    for (let batch = 0; batch < 4; batch += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one batch after the other
      await world.call()
      // oxlint-disable-next-line no-await-in-loop
      await world.seal()
    }
    const reply = await world.send('/log/verify', { as: 'otto', body: lately() })
    const verdict = verdictView.parse(await reply.json())
    expect(verdict.isAll).toBe(false)
    expect(verdict.from > verdict.asked.from).toBe(true)
    expect(verdict.entries).toBeLessThan(verdict.treeSize)
    expect(verdict.entries).toBeGreaterThan(0)
    expect(verdict.integrity).toBe('sound')
  })

  test('what takes too long is no verdict', async () => {
    world.store.close()
    world = open({ leaves: 100, ms: -1 })
    await world.call()
    await world.seal()
    const reply = await world.send('/log/verify', { as: 'otto', body: lately() })
    expect(reply.status).toBe(400)
    expect((await errorOf(reply)).message).toContain('`sluice verify`')
  })

  test('one at a time', async () => {
    await world.call()
    await world.seal()
    const { log } = world.ports
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const { promise: begun, resolve: begin } = Promise.withResolvers<undefined>()
    world.ports.log = log && {
      ...log,
      trust: () => {
        begin(undefined)
        return promise.then(log.trust)
      },
    }
    const first = world.send('/log/verify', { as: 'otto', body: lately() })
    await begun
    expect((await world.send('/log/verify', { as: 'petra', body: lately() })).status).toBe(503)
    resolve(undefined)
    expect((await first).status).toBe(200)
    expect((await world.send('/log/verify', { as: 'otto', body: lately() })).status).toBe(200)
  })

  test.each([
    {},
    { from: 'x', to: 'y' },
    { ...lately(), more: 1 },
    { from: lately().to, to: lately().from },
  ])('a body that is not understood verifies nothing: %j', async (body) => {
    const reply = await world.send('/log/verify', { as: 'otto', body })
    expect(reply.status).toBe(400)
    expect(await world.recorded()).toEqual(['malformed'])
  })
})

describe('not for everybody', () => {
  test('whoever is no auditor sees of the log what is published, and not how much waits', async () => {
    await world.call()
    await world.seal()
    await world.call()
    const reply = await world.send('/log', { as: 'ana' })
    const { health, checkpoint } = logView.parse(await reply.json())
    expect(checkpoint).toBeDefined()
    expect(health.unsealed).toBeUndefined()
    expect(health.oldestUnsealedAt).toBeUndefined()
    expect((await world.send('/log')).status).toBe(401)
    expect(await world.recorded()).toEqual(['log.get', 'token-missing'])
  })

  test('only auditors verify, and what others are refused is on the record', async () => {
    await world.seal()
    const body = lately()
    for (const as of ['ana', 'carla', 'etl', 'eve'] as const)
      // oxlint-disable-next-line no-await-in-loop -- in the order of the record
      expect((await world.send('/log/verify', { as, body })).status).toBe(403)
    expect((await world.send('/log/verify', { as: 'otto', claims: AGENT, body })).status).toBe(403)
    expect((await world.send('/log/verify', { body })).status).toBe(401)
    expect(await world.recorded()).toEqual([...Array(5).fill('no-auditor'), 'token-missing'])
  })

  test.each([
    ['/log', undefined],
    ['/log/verify', lately()],
  ] as const)('%s tells nothing that is not on the record', async (path, body) => {
    await world.seal()
    world.knobs.appendFails = true
    const reply = await world.send(path, { as: 'otto', ...(body === undefined ? {} : { body }) })
    expect(reply.status).toBe(503)
    expect(await reply.text()).not.toContain('checkpoint')
  })
})
