import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { reportRoutes } from '../../../shared/console/api/report-routes.ts'
import { reviewsRoutes } from '../../../shared/console/api/reviews-routes.ts'
import { REPORT, evidenceReport } from '../../../shared/console/views/review-view.ts'
import { auditPartWorld } from '../../support/audit-part-world.ts'

const open = () =>
  auditPartWorld(
    () => ({}),
    (app, ports, surface) => {
      reportRoutes(app, ports, surface)
      reviewsRoutes(app, ports, surface)
    },
  )

let world: ReturnType<typeof open>
beforeEach(() => {
  world = open()
})
afterEach(() => world.store.close())

const HOUR = 3_600_000

const hour = () => ({
  from: new Date(Date.now() - HOUR).toISOString(),
  to: new Date(Date.now()).toISOString(),
})

const get = async ({ from, to } = hour()) => {
  const reply = await world.send(`/report?from=${from}&to=${to}`, { as: 'otto' })
  expect(reply.status).toBe(200)
  return evidenceReport.parse(await reply.json())
}

const withDryRun = (bytes: Buffer) =>
  Buffer.from(bytes.toString().replace('"dryRun":false', '"dryRun":true'))

const busy = async () => {
  await world.call(await world.sessionOf('ana'))
  await world.call(await world.sessionOf('bob'))
  await world.refusal(await world.sessionOf('bob'))
  await world.anonymous()
  await world.seal()
}

describe('the evidence report', () => {
  test('counts, samples and verifies, and is on the record', async () => {
    await busy()
    const report = await get()
    expect(report.totals).toMatchObject({ calls: 4, permitted: 2, refused: 2, sessions: 2 })
    expect(report.capped).toEqual([])
    expect(report.sessions).toEqual({ seen: 2, isAll: true })
    expect(report.sampled).toHaveLength(2)
    for (const { integrity, proofs, entries } of report.sampled) {
      expect(integrity).toBe('sound')
      expect(proofs).toHaveLength(entries)
      expect(proofs.every(({ holds }) => holds)).toBe(true)
    }
    expect(report.checkpoint).toBe(world.objects.stored.get('checkpoint')?.toString())
    expect(await world.recorded()).toContain('report.get')
  })

  test('a sample is the same whenever somebody asks, and another period has one of its own', async () => {
    await busy()
    const span = hour()
    const sessions = async (asked = span) =>
      (await get(asked)).sampled.map(({ session }) => session)
    expect(await sessions()).toEqual(await sessions())
  })

  test('a proof that does not hold is said not to hold', async () => {
    await busy()
    const { entries } = world.ports
    const call = (await world.stored()).find(({ type }) => type === 'request')
    const changed = auditPartWorld(
      () => ({
        index: world.ports.index,
        refreshIndex: world.ports.refreshIndex,
        log: world.ports.log,
        entries: {
          ...entries,
          committed: async (...asked: Parameters<typeof entries.committed>) =>
            (await entries.committed(...asked)).map((raw) =>
              raw.id === call?.id ? { ...raw, bytes: withDryRun(raw.bytes) } : raw,
            ),
        },
      }),
      reportRoutes,
    )
    const { from, to } = hour()
    const reply = await changed.send(`/report?from=${from}&to=${to}`, { as: 'otto' })
    const { sampled, controls } = evidenceReport.parse(await reply.json())
    const broken = sampled.flatMap(({ proofs }) => proofs).filter(({ holds }) => !holds)
    expect(broken.map(({ entry }) => entry)).toContain(call?.id)
    expect(sampled.map(({ integrity }) => integrity)).toContain('broken')
    const checked = sampled.reduce((sum, { proofs }) => sum + proofs.length, 0)
    expect(controls.find(({ id }) => id === 'integrity')?.count).toBeLessThan(checked)
    changed.store.close()
  })

  test('says which policies were in force, the one before the period included', async () => {
    const at = Date.now()
    const policyOf = (digest: string, ago: number) => world.policySince(digest, at - ago)
    await policyOf('first', 5 * HOUR)
    await policyOf('second', 3 * HOUR)
    await policyOf('third', HOUR / 2)
    const { policies, isAllPolicies } = await get()
    expect(policies.map(({ digest }) => digest)).toEqual(['second', 'third'])
    expect(policies[0]?.to).toBe(policies[1]?.from)
    expect(policies[1]?.to).toBeUndefined()
    expect(isAllPolicies).toBe(true)
  })

  test('says of nothing that it is compliant, and what it does not show', async () => {
    world.ports.log = undefined
    const report = await get()
    expect(JSON.stringify(report)).not.toMatch(/complian|certif/i)
    for (const { control } of report.controls) expect(control).toContain('helps towards')
    expect(report.limits.join(' ')).toContain('`sluice verify`')
    expect(report.limits.join(' ')).toContain('The log is not healthy')
  })

  test('is signed off by a review of exactly its period', async () => {
    const span = hour()
    const body = { ...span, query: REPORT, verdict: 'nothing-found' }
    await world.send('/reviews', { as: 'petra', body })
    await world.send('/reviews', { as: 'petra', body: { ...body, query: '' } })
    await world.send('/reviews', {
      as: 'petra',
      body: { ...body, from: new Date(Date.parse(span.from) + 1).toISOString() },
    })
    const { signOffs } = await get(span)
    expect(signOffs).toMatchObject([{ reviewer: { subject: 'petra' }, verdict: 'nothing-found' }])
  })

  test.each([
    '',
    '?from=2026-01-01T00:00:00Z',
    '?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z',
    '?from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z',
    `?from=2026-11-01T00:00:00Z&to=2027-01-01T00:00:00Z`,
  ])('a period that is none, too long or not over has no report: %s', async (query) => {
    expect((await world.send(`/report${query}`, { as: 'otto' })).status).toBe(400)
    expect(await world.recorded()).toEqual(['malformed'])
  })

  test('is for auditors alone, and not before it is on the record', async () => {
    await busy()
    const { from, to } = hour()
    const path = `/report?from=${from}&to=${to}`
    for (const as of ['ana', 'carla', 'etl', 'eve'] as const)
      // oxlint-disable-next-line no-await-in-loop -- in the order of the record
      expect((await world.send(path, { as })).status).toBe(403)
    expect((await world.send(path)).status).toBe(401)
    world.knobs.appendFails = true
    const reply = await world.send(path, { as: 'otto' })
    expect(reply.status).toBe(503)
    expect(await reply.text()).not.toContain('totals')
  })
})
