import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { sqliteStore } from '../../../shared/adapters/sqlite/sqlite-store.ts'
import { callList } from '../../../shared/console/views/call-view.ts'
import { auditApiWorld } from '../../support/audit-api-world.ts'
import { cpuClock } from '../../support/cpu-clock.ts'
import { errorOf } from '../../support/error-of.ts'
import { indexAll } from '../../support/index-all.ts'
import type { Person } from '../../support/people.ts'

const searched = sqliteStore(':memory:')
let world: Awaited<ReturnType<typeof auditApiWorld>>
let own: string
beforeAll(async () => {
  // The index that reads what people type: FTS5.
  world = await auditApiWorld((usual) => ({
    ...usual,
    index: searched.search,
    refreshIndex: () => indexAll(usual.entries, searched.search),
  }))
  own = await world.ask(await world.sessionOf('ana'))
  await world.ask(await world.sessionOf('bob'), { strippedSql: 'SELECT bobs_word FROM t' })
})
afterAll(() => {
  world.store.close()
  searched.close()
})

const found = async (query: Readonly<Record<string, string>>, as: Person = 'ana') => {
  const all = new URLSearchParams({ decision: 'permit', ...query }).toString()
  const answer = await world.get(`/v1/calls?${all}`, as)
  if (answer.status !== 200) return answer.status
  return callList.parse(await answer.json()).calls.map(({ call }) => call)
}

const TYPED = [
  'principal:bob',
  'principal-key:https://id.acme.example bob',
  '"principal:bob"',
  'select" OR "principal:bob',
  'x OR bobs_word',
  'bobs_word OR x',
  'NOT zzz',
  'bobs_word NEAR x',
  'bobs*',
  '^bobs_word',
  '{text}: bobs_word',
  'bobs_word AND tokens MATCH bobs_word',
  "bobs_word'; DROP TABLE search; --",
  'word:bobs_word',
  'word#0000',
  'bobs\u0000_word',
  'bobs\u200B_word',
  'ｂｏｂｓ＿ｗｏｒｄ',
  'BOBS_WORD',
  '(((((',
  '")',
  '%62obs_word',
]

describe('what a requester types finds nothing of another', () => {
  const filters =
    'text principal group client claim table column tag rule session job fingerprint approver flag problem statementType outcome maskedColumn filterColumn approval replayOf'.split(
      ' ',
    )
  test.each(TYPED)('%j in every filter', async (typed) => {
    for (const filter of filters) {
      // oxlint-disable-next-line no-await-in-loop
      const calls = await found({ [filter]: typed })
      const isHers = calls === 400 || (Array.isArray(calls) && calls.every((each) => each === own))
      expect({ filter, isHers, calls }).toEqual({ filter, isHers: true, calls })
    }
    expect(world.failures).toEqual([])
  })

  test('and is never a word of the index’s own: an auditor finds nothing by it either', async () => {
    for (const typed of ['principal:bob', 'x OR bobs_word', 'bobs_w*', 'NOT zzz'])
      // oxlint-disable-next-line no-await-in-loop
      expect({ typed, calls: await found({ text: typed }, 'otto') }).toEqual({ typed, calls: [] })
    expect(await found({ text: 'bobs_word' }, 'otto')).toHaveLength(1)
    expect(await found({ text: 'BOBS_word' }, 'otto')).toHaveLength(1)
  })
})

describe('what is not understood is refused, by name, and shows nothing', () => {
  test.each([
    'nothing=1',
    '__proto__=1',
    '__proto__[only]=x',
    'constructor=1',
    'toString=1',
    'only=',
    'only=https%3A%2F%2Fid.acme.example+bob',
    'withPrivate=true',
    'private=true',
    'decision=permit&decision=deny',
    'session=a&session=b',
    'text=',
    'text=%20',
    'text=%00',
    `text=${'a'.repeat(501)}`,
    `table=${'a'.repeat(501)}`,
    Array(21).fill('table=a').join('&'),
    'decision=Permit',
    'from=yesterday',
    'from=2026-01-01',
    'from=9999999999999',
    'from=2026-13-45T00:00:00Z',
    'minBytes=-1',
    'minBytes=-0',
    'minBytes=1e400',
    'minBytes=NaN',
    'minBytes=1.5',
    'minBytes=99999999999999999999',
    'pageSize=0',
    'pageSize=-1',
    'pageSize=1e9',
    'pageSize=a',
    'pageToken=',
    'pageToken=a&pageToken=b',
  ])('%s', async (query) => {
    const answer = await world.get(`/v1/calls?${query}`, 'ana')
    const text = await answer.clone().text()
    expect({ query, ...(await errorOf(answer)) }).toMatchObject({ query, code: 400 })
    expect(text).not.toContain('hospital')
    expect(world.failures).toEqual([])
  })

  test.each([
    '[]',
    '"a"',
    'null',
    '{"name":"a","name":"b","query":"table=a"}',
    '{"name":"a","query":"table=a","__proto__":{"id":"x"}}',
    '{"name":"a","query":"table=a","owner":"bob"}',
    '{"name":["a"],"query":"table=a"}',
    '{"name":"\\ud800","query":"table=a"}',
    '{"name":"a","query":"only=x"}',
    '{"name":"a","query":"javascript:alert(1)"}',
    '{"name":"a","query":"//evil.example"}',
    `{"name":"a","query":"table=${'a'.repeat(4_000)}"}`,
    '['.repeat(8_000),
  ])('a body of %s', async (body) => {
    const answer = await world.send('/v1/searches', { as: 'ana' }, { method: 'POST', body })
    expect(await errorOf(answer)).toMatchObject({ code: 400 })
    expect(await (await world.get('/v1/searches', 'ana')).json()).toEqual({ searches: [] })
  })
})

test('long text is read in a moment', async () => {
  for (const text of [
    'a'.repeat(500),
    '@-'.repeat(249) + 'a',
    '_'.repeat(499) + 'a',
    'é'.repeat(500),
  ]) {
    const cpuMs = cpuClock()
    // oxlint-disable-next-line no-await-in-loop
    await found({ text }, 'otto')
    expect(cpuMs()).toBeLessThan(1_000)
  }
})
