import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'

import { auditApiWorld } from '../../support/audit-api-world.ts'
import { errorOf } from '../../support/error-of.ts'
import type { Person } from '../../support/people.ts'

const page = z.object({ nextPageToken: z.string().optional() })

let world: Awaited<ReturnType<typeof auditApiWorld>>
beforeAll(async () => {
  world = await auditApiWorld()
  for (const name of ['ana', 'ana', 'bob', 'bob'] as const)
    // oxlint-disable-next-line no-await-in-loop
    await world.ask(await world.sessionOf(name, { sid: String(Math.random()) }))
  // Reads are events: that there is a second page of them.
  for (const _ of [1, 2]) await world.get('/v1/calls', 'otto')
})
afterAll(() => world.store.close())

const tokenOf = async (path: string, as: Person): Promise<string> => {
  const answer = await world.get(`${path}${path.includes('?') ? '&' : '?'}pageSize=1`, as)
  return page.parse(await answer.json()).nextPageToken ?? ''
}

const refused = async (path: string, as: Person): Promise<void> => {
  const answer = await world.get(path, as)
  const text = await answer.clone().text()
  expect(await errorOf(answer)).toMatchObject({ code: 400, reason: 'invalid' })
  expect(text).not.toContain('hospital')
  expect((await world.recorded()).at(-1)).toBe('malformed')
}

const LISTS = ['/v1/calls', '/v1/sessions', '/v1/events']

describe.each(LISTS)('a page token of %s', (path) => {
  test('is good for who got it, and for nobody else', async () => {
    const token = encodeURIComponent(await tokenOf(path, 'otto'))
    expect(token).not.toBe('')
    expect((await world.get(`${path}?pageSize=1&pageToken=${token}`, 'otto')).status).toBe(200)
    for (const other of ['petra', 'ana'] as const)
      // oxlint-disable-next-line no-await-in-loop
      await refused(`${path}?pageSize=1&pageToken=${token}`, other)
  })

  test('is good for what was asked, and for no other filter', async () => {
    const token = encodeURIComponent(await tokenOf(path, 'otto'))
    for (const other of ['principal=bob', 'from=2020-01-01T00:00:00Z', 'to=2030-01-01T00:00:00Z'])
      // oxlint-disable-next-line no-await-in-loop
      await refused(`${path}?pageSize=1&${other}&pageToken=${token}`, 'otto')
  })

  test('is good for its list, and for no other', async () => {
    const token = encodeURIComponent(await tokenOf(path, 'otto'))
    for (const other of LISTS.filter((each) => each !== path))
      // oxlint-disable-next-line no-await-in-loop
      await refused(`${other}?pageSize=1&pageToken=${token}`, 'otto')
  })

  test('that was changed in any letter is refused', async () => {
    const token = await tokenOf(path, 'otto')
    for (let at = 0; at < token.length; at += 7) {
      const changed = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`
      // oxlint-disable-next-line no-await-in-loop
      await refused(`${path}?pageSize=1&pageToken=${encodeURIComponent(changed)}`, 'otto')
    }
  })

  test('that somebody made up is refused', async () => {
    const [cursor = '', mac = ''] = (await tokenOf(path, 'otto')).split('.')
    for (const made of [
      cursor,
      `${cursor}.`,
      `.${mac}`,
      `${cursor}.${mac}.${mac}`,
      `${cursor}.${mac}=`,
      ` ${cursor}.${mac}`,
      `${cursor}.${mac}\u0000`,
      'null',
      '{}',
      '.',
      'a'.repeat(4_000),
    ])
      // oxlint-disable-next-line no-await-in-loop
      await refused(`${path}?pageSize=1&pageToken=${encodeURIComponent(made)}`, 'otto')
  })
})

test('a page token of an auditor is worth nothing to them as somebody’s agent', async () => {
  const token = encodeURIComponent(await tokenOf('/v1/calls', 'otto'))
  const path = `/v1/calls?pageSize=1&pageToken=${token}`
  const agent = await world.get(path, 'otto', { act: { sub: 'agent-7' } })
  expect(agent.status).toBe(403)
})
