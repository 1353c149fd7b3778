import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { errorOf } from '../../support/error-of.ts'
import { POLICY, V2, type World, world } from '../../support/world.ts'

let gateway: World
beforeAll(async () => {
  gateway = await world({
    policy: `${POLICY}
  - id: analysts-read-the-lab
    description: Analysts read the lab.
    effect: permit
    when: >-
      "analysts" in principal.groups && query.tables.all(t, t.glob("lab.bench.*"))
`,
  })
})
beforeEach(() => {
  gateway.upstream.requests.length = 0
})
afterAll(() => gateway.close())

interface List {
  readonly projects: readonly { readonly id: string }[]
  readonly nextPageToken?: string
  readonly totalItems: number
}

async function list(query = '', as: 'ana' | 'otto' = 'ana') {
  const response = await gateway.request(`${V2}/projects${query}`, { as })
  expect(response.status).toBe(200)
  const { projects, nextPageToken, totalItems } = (await response.json()) as List
  expect(totalItems).toBe(projects.length)
  return { ids: projects.map(({ id }) => id), next: nextPageToken }
}

test('all of them, when they fit', async () => {
  expect(await list()).toEqual({ ids: ['acme', 'lab'], next: undefined })
  expect(await list('?maxResults=2')).toEqual({ ids: ['acme', 'lab'], next: undefined })
  expect(await list('?maxResults=1', 'otto')).toEqual({ ids: ['acme'], next: undefined })
})

test('`maxResults` was ignored: a page has as many, and the next page the rest', async () => {
  const first = await list('?maxResults=1')
  expect(first).toEqual({ ids: ['acme'], next: expect.any(String) })
  const second = await list(`?maxResults=1&pageToken=${first.next}`)
  expect(second).toEqual({ ids: ['lab'], next: undefined })
})

test('a page token that is none is refused, and nothing is asked', async () => {
  const { next = '' } = await list('?maxResults=1')
  gateway.upstream.requests.length = 0
  for (const token of [`${next}x`, next.slice(1), 'acme', '0', 'row-1']) {
    const path = `${V2}/projects?pageToken=${token}`
    const { code, reason, message } = await errorOf(await gateway.request(path, { as: 'ana' }))
    expect({ code, reason }).toEqual({ code: 400, reason: 'invalid' })
    expect(message).toContain('invalid `pageToken`')
  }
  expect(gateway.upstream.requests).toEqual([])
})
