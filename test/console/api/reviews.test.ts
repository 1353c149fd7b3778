import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { reviewsRoutes } from '../../../shared/console/api/reviews-routes.ts'
import { review, reviewList } from '../../../shared/console/views/review-view.ts'
import { auditPartWorld } from '../../support/audit-part-world.ts'
import { guarantee } from '../../support/guarantee.ts'
import { ISSUER, type Person } from '../../support/people.ts'

const open = () => auditPartWorld(() => ({}), reviewsRoutes)

let world: ReturnType<typeof open>
beforeEach(() => {
  world = open()
})
afterEach(() => world.store.close())

const body = {
  from: '2026-01-01T00:00:00.000Z',
  to: '2026-04-01T00:00:00.000Z',
  query: 'column=patients.ssn',
  verdict: 'findings',
  findings: 'two calls without a ticket',
}

const listed = async (query = '', as: Person = 'otto') =>
  reviewList.parse(await (await world.send(`/reviews${query}`, { as })).json())

const ofType = async (type: string) => (await world.stored()).filter((entry) => entry.type === type)

describe('reviews', () => {
  test('that somebody reviewed is an entry under their name, and is listed', async () => {
    const reply = await world.send('/reviews', { as: 'otto', body })
    expect(reply.status).toBe(200)
    const made = review.parse(await reply.json())
    expect(made).toMatchObject({ ...body, reviewer: { issuer: ISSUER, subject: 'otto' } })
    expect(await ofType('reviewed')).toMatchObject([
      {
        id: `review~${made.id}`,
        by: { subject: 'otto' },
        review: made.id,
        from: Date.parse(body.from),
        to: Date.parse(body.to),
        verdict: 'findings',
        findings: body.findings,
      },
    ])
    expect(await listed()).toEqual({ reviews: [made] })
    expect(await world.recorded()).toEqual(['reviews.list'])
  })

  test('pages go on where the one before ended, for whoever began', async () => {
    for (let number = 0; number < 52; number += 1)
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await world.send('/reviews', { as: 'otto', body: { ...body, findings: `number ${number}` } })
    const first = await listed()
    expect(first.reviews).toHaveLength(50)
    const next = `?pageToken=${encodeURIComponent(first.nextPageToken ?? '')}`
    const { reviews, nextPageToken } = await listed(next)
    expect(reviews).toHaveLength(2)
    expect(nextPageToken).toBeUndefined()
    const found = [...first.reviews, ...reviews].map(({ findings }) => findings)
    expect(new Set(found).size).toBe(52)
    expect((await world.send(`/reviews${next}`, { as: 'petra' })).status).toBe(400)
    expect((await world.send('/reviews?pageToken=x.y', { as: 'otto' })).status).toBe(400)
  })

  test.each([
    {},
    { ...body, from: body.to, to: body.from },
    { ...body, to: '2999-01-01T00:00:00Z' },
    { ...body, query: 'colour=red' },
    { ...body, verdict: 'perhaps' },
    { ...body, findings: ' ' },
    { ...body, findings: 'x'.repeat(4_001) },
    { ...body, by: 'petra' },
  ])('what is no review is not one: %j', async (given) => {
    expect((await world.send('/reviews', { as: 'otto', body: given })).status).toBe(400)
    expect(await ofType('reviewed')).toEqual([])
    expect(await world.recorded()).toEqual(['malformed'])
  })

  guarantee('reviews-signed', async () => {
    for (const as of ['ana', 'carla', 'etl', 'eve'] as const) {
      // oxlint-disable-next-line no-await-in-loop -- in the order of the record
      expect((await world.send('/reviews', { as, body })).status).toBe(403)
      // oxlint-disable-next-line no-await-in-loop
      expect((await world.send('/reviews', { as })).status).toBe(403)
    }
    const claims = { act: { sub: 'agent' } }
    expect((await world.send('/reviews', { as: 'otto', claims, body })).status).toBe(403)
    expect((await world.send('/reviews', { body })).status).toBe(401)
    expect(await ofType('reviewed')).toEqual([])
    expect(await world.recorded()).toEqual([...Array(9).fill('no-auditor'), 'token-missing'])
  })

  test('a review that cannot be recorded is none', async () => {
    world.knobs.appendFails = true
    expect((await world.send('/reviews', { as: 'otto', body })).status).toBe(503)
    world.knobs.appendFails = false
    expect(await ofType('reviewed')).toEqual([])
  })
})
