import { randomBytes } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { requestDigest } from '../../shared/approval/effective-request.ts'
import type { Grant, GrantEvent, GrantId } from '../../shared/approval/grant.ts'
import type { Grants } from '../../shared/approval/grants.ts'
import { err, ok } from '../../shared/kernel/result.ts'
import {
  ASKED_AT,
  HOUR,
  sampleGrant,
  sampleGrantId,
  sampleTerms,
  sampleVote,
  sampleVoter,
} from '../support/sample-grant.ts'
import type { OpenStore } from './entry-store.ts'

/** What every `Grants` promises. Each call opens an empty one. */
export function grantsContract(open: () => Promise<OpenStore<Grants>>): void {
  let grants: Grants
  const asItIs = async (id: GrantId): Promise<Grant> => {
    const grant = await grants.find(id)
    if (grant === undefined) throw new Error('the grant is gone')
    return grant
  }
  const fresh = () => {
    let store: OpenStore<Grants>
    beforeAll(async () => {
      store = await open()
      grants = store.port
    })
    afterAll(() => store.close())
  }

  describe('grants', () => {
    fresh()

    test('a grant is found once it was opened, with all that it says', async () => {
      const grant = sampleGrant({ number: 1, events: everyEvent(), terms: [fullTerms] })
      await expect(grants.open(grant)).resolves.toBe('opened')
      const found = await grants.find(grant.id)
      expect(found).toEqual(plain(grant))
      expect(found && requestDigest(found.request)).toBe(grant.digest)
      await expect(grants.find(sampleGrantId(9_999))).resolves.toBeUndefined()
    })

    test('the same grant is opened again, whatever has happened to it since', async () => {
      const grant = sampleGrant({ number: 2 })
      await grants.open(grant)
      await expect(grants.open({ ...grant })).resolves.toBe('opened')
      await grants.change(grant.id, () => ok([{ type: 'cancelled', at: ASKED_AT }]))
      await expect(grants.open(grant)).resolves.toBe('opened')
      expect((await grants.find(grant.id))?.events).toHaveLength(2)
    })

    test('of a grant that was forgotten nothing is left of what was asked, and it is in the list again', async () => {
      const events = [{ type: 'cancelled', at: ASKED_AT }] as const
      const grant = sampleGrant({ number: 40, events })
      await grants.open(grant)
      await grants.close(grant)
      await grants.forget(grant.id)
      await grants.forget(grant.id)
      const kept = await asItIs(grant.id)
      expect(JSON.stringify(kept)).not.toMatch(/SELECT name|an audit/)
      expect(kept).toMatchObject({ digest: grant.digest, events: grant.events })
      expect(await grants.listOver(100)).toContain(grant.id)
    })

    test('a grant that is not over is not forgotten', async () => {
      const grant = sampleGrant({ number: 41 })
      await grants.open(grant)
      await expect(grants.forget(grant.id)).rejects.toThrow('not over')
      expect(await asItIs(grant.id)).toEqual(plain(grant))
      await grants.forget(sampleGrantId(9_998))
    })

    test('another grant of the same id gets the first one back, and changes nothing', async () => {
      const grant = sampleGrant({ number: 3 })
      await grants.open(grant)
      const other = sampleGrant({ number: 3, request: { sql: 'SELECT 2' } })
      await expect(grants.open(other)).resolves.toEqual({ existing: plain(grant) })
      await expect(grants.find(grant.id)).resolves.toEqual(plain(grant))
    })

    test('a refusal, no events and an unknown grant change nothing', async () => {
      const grant = sampleGrant({ number: 4 })
      await grants.open(grant)
      await expect(grants.change(grant.id, () => err('no'))).resolves.toEqual(err('no'))
      await expect(grants.change(grant.id, () => ok([]))).resolves.toEqual(ok(plain(grant)))
      await expect(grants.find(grant.id)).resolves.toEqual(plain(grant))
      await expect(grants.change(sampleGrantId(9_998), () => ok([]))).rejects.toThrow('no grant')
      await expect(grants.find(sampleGrantId(9_998))).resolves.toBeUndefined()
    })

    test('of 100 votes at once each is there, and none twice', { timeout: 60_000 }, async () => {
      const grant = sampleGrant({ number: 5 })
      await grants.open(grant)
      const votes = Array.from({ length: 100 }, (_, n) =>
        sampleVote(grant, sampleVoter(`voter-${n}`)),
      )
      const results = await Promise.all(
        votes.map((vote) =>
          grants.change(grant.id, () => ok([{ type: 'voted', at: ASKED_AT, vote } as const])),
        ),
      )
      const found = await grants.find(grant.id)
      const there = found?.events.flatMap((event) => (event.type === 'voted' ? event.vote.id : []))
      expect(there?.toSorted()).toEqual(votes.map(({ id }) => id).toSorted())
      // Each was told of the grant with its own event at the end.
      const last = results.map((result) => result.ok && result.value.events.at(-1))
      expect(last).toEqual(votes.map((vote) => plain({ type: 'voted', at: ASKED_AT, vote })))
    })

    test('of 100 who want what one may have, one gets it', { timeout: 60_000 }, async () => {
      const grant = sampleGrant({ number: 6 })
      await grants.open(grant)
      const claims = await Promise.all(
        Array.from({ length: 100 }, () =>
          grants.change(grant.id, ({ events }) =>
            events.some(({ type }) => type === 'starting')
              ? err('taken')
              : ok([{ type: 'starting', at: ASKED_AT } as const]),
          ),
        ),
      )
      expect(claims.filter((claim) => claim.ok)).toHaveLength(1)
      expect((await grants.find(grant.id))?.events).toHaveLength(2)
    })

    test('SQL of 900 kB is kept, and can be voted on', async () => {
      const sql = `SELECT '${randomBytes(450_000).toString('hex')}'`
      const grant = sampleGrant({ number: 7, request: { sql } })
      await grants.open(grant)
      await expect(grants.open(grant)).resolves.toBe('opened')
      const vote = sampleVote(grant)
      await grants.change(grant.id, () => ok([{ type: 'voted', at: ASKED_AT, vote } as const]))
      const found = await grants.find(grant.id)
      expect(found?.request.sql === sql).toBe(true)
      expect(found?.events).toHaveLength(2)
    })

    test('what no store can hold is refused by all, and nothing is kept', async () => {
      const sql = `SELECT '${randomBytes(1_500_000).toString('base64')}'`
      const grant = sampleGrant({ number: 8, request: { sql } })
      await expect(grants.open(grant)).rejects.toThrow('too large')
      await expect(grants.find(grant.id)).resolves.toBeUndefined()
    })
  })

  describe('lists of grants', () => {
    fresh()
    // Ids do not sort as the times do, and two were asked for at once.
    const byAge = [11, 17, 12, 16, 13, 15, 14].map((number, index) =>
      sampleGrant({ number, requestedAt: ASKED_AT + Math.floor(index / 2) * HOUR }),
    )
    const ids = byAge
      .toSorted((a, b) => a.requestedAt - b.requestedAt || (a.id < b.id ? -1 : 1))
      .map(({ id }) => id)
    test('what is open is listed oldest first, in pages of any size', async () => {
      await expect(grants.listOpen(10)).resolves.toEqual([])
      await Promise.all(byAge.toReversed().map((grant) => grants.open(grant)))
      for (const limit of [1, 2, 3, 7, 50])
        // oxlint-disable-next-line no-await-in-loop
        await expect(allPages(grants.listOpen, limit)).resolves.toEqual(ids)
      await expect(grants.listOver(10)).resolves.toEqual([])
    })

    test('what is over is in a list of its own until it is closed', async () => {
      const [first, second, ...others] = ids
      if (first === undefined || second === undefined) throw new Error('unreachable')
      await expect(grants.close(await asItIs(second))).rejects.toThrow('not over')
      await grants.change(second, () => ok([{ type: 'expired', at: ASKED_AT }]))
      await expect(grants.listOpen(10)).resolves.toEqual([first, ...others])
      // Paging goes on after one that is not in the list any more.
      await expect(grants.listOpen(10, second)).resolves.toEqual(others)
      await expect(grants.listOver(10)).resolves.toEqual([second])
      await grants.close(await asItIs(second))
      await grants.close(await asItIs(second))
      await expect(grants.listOver(10)).resolves.toEqual([])
      await expect(grants.listOpen(10)).resolves.toEqual([first, ...others])
      await expect(grants.find(second)).resolves.toMatchObject({
        events: [{}, { type: 'expired' }],
      })
    })
  })

  describe('a grant that is over', () => {
    fresh()

    test('stays in its list when something happens to it while somebody closes it', async () => {
      const grant = sampleGrant({ number: 21, events: [{ type: 'started', at: ASKED_AT }] })
      await grants.open(grant)
      const by = sampleVoter()
      await grants.change(grant.id, () => ok([{ type: 'revoked', at: ASKED_AT, by, reason: 'no' }]))
      await grants.close(grant)
      await expect(grants.listOver(10)).resolves.toEqual([grant.id])
      await grants.close(await asItIs(grant.id))
      await expect(grants.listOver(10)).resolves.toEqual([])
    })
  })

  describe('what stands for a key', () => {
    fresh()

    test('is the first, until it is replaced by who knows it', async () => {
      const [a, b, c] = [sampleGrantId(1), sampleGrantId(2), sampleGrantId(3)]
      await expect(grants.standFor('key', a, undefined)).resolves.toBe(a)
      await expect(grants.standFor('key', a, undefined)).resolves.toBe(a)
      await expect(grants.standFor('key', b, undefined)).resolves.toBe(a)
      await expect(grants.standFor('key', b, c)).resolves.toBe(a)
      await expect(grants.standFor('key', b, a)).resolves.toBe(b)
      await expect(grants.standFor('key', c, a)).resolves.toBe(b)
      await expect(grants.standFor('another/key', c, undefined)).resolves.toBe(c)
    })

    test('of 50 who ask at once is one, and all learn which', { timeout: 60_000 }, async () => {
      const first = await race(grants, 100, undefined)
      expect(new Set(first).size).toBe(1)
      const second = await race(grants, 200, first[0])
      expect(new Set(second).size).toBe(1)
      expect(second[0]).not.toBe(first[0])
    })
  })

  describe('time boxes', () => {
    fresh()

    test('are kept by owner, newest first, 50 at most', { timeout: 60_000 }, async () => {
      const ids = Array.from({ length: 52 }, (_, n) => sampleGrantId(n))
      await expect(grants.boxesOf('https://id.example ana')).resolves.toEqual([])
      // oxlint-disable-next-line no-await-in-loop -- in their order
      for (const id of ids) await grants.keepBox('https://id.example ana', id)
      await grants.keepBox('https://id.example ana', sampleGrantId(51))
      await expect(grants.boxesOf('https://id.example ana')).resolves.toEqual(
        ids.toReversed().slice(0, 50),
      )
      await expect(grants.boxesOf('https://id.example eve')).resolves.toEqual([])
    })
  })
}

/** All there is, page by page. */
async function allPages(list: Grants['listOpen'], limit: number): Promise<readonly GrantId[]> {
  const found: GrantId[] = []
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
    const page = await list(limit, found.at(-1))
    expect(page.length).toBeLessThanOrEqual(limit)
    if (page.length === 0) return found
    found.push(...page)
  }
}

/** What 50 are told who all want to stand for one key. */
function race(grants: Grants, from: number, instead: GrantId | undefined) {
  return Promise.all(
    Array.from({ length: 50 }, (_, n) => grants.standFor('race', sampleGrantId(from + n), instead)),
  )
}

const fullTerms = sampleTerms({
  hours: { timeZone: 'Europe/Zurich', days: [1, 5], fromMinute: 480, untilMinute: 1_020 },
  remindersMs: [1_000, 2_000],
  escalation: { afterMs: 3_000, group: 'duty', slackChannel: 'C1' },
  breakGlass: { group: 'on-call' },
  timeBox: { longestMs: 1_000, maximumBytes: 2_000 },
  machines: ['https://id.example bot'],
  slackChannel: 'C2',
})

/** One of each type, with everything that it may have. */
function everyEvent(): readonly GrantEvent[] {
  const at = ASKED_AT
  const by = sampleVoter('paul', { actors: [{ issuer: undefined, subject: 'agent' }] })
  const box = { tables: ['a.b.c'], statementType: 'SELECT', maximumBytes: 10 }
  const vote = { durationMs: HOUR, maximumBytes: 10 }
  return [
    { type: 'voted', at, vote: sampleVote(sampleGrant(), by, { box: vote }) },
    { type: 'approved', at, until: at + HOUR, box },
    { type: 'denied', at, by, reason: 'no' },
    { type: 'expired', at },
    { type: 'cancelled', at },
    { type: 'revoked', at, by, reason: 'no' },
    { type: 'starting', at },
    { type: 'started', at },
    { type: 'not-started', at, reason: 'another etag' },
    { type: 'used', at, call: 'c', bytes: 5 },
    { type: 'reminded', at },
    { type: 'escalated', at },
    { type: 'broke-glass', at, justification: 'a patient waits' },
    { type: 'reviewed', at, by, finding: 'fine' },
  ]
}

/** As JSON has it: what is undefined is not there. */
function plain<T extends Grant | GrantEvent>(value: T): T {
  return JSON.parse(JSON.stringify(value))
}
