import { createHash } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Registered } from '../../shared/adapters/registers/registered.ts'
import { tableReference } from '../../shared/bigquery/reference.ts'
import type { UsageLimit } from '../../shared/policy/usage.ts'
import type { OpenStore } from './entry-store.ts'

const AT = Date.UTC(2026, 10, 21, 12, 0, 1)
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

const table = (id: string) => {
  const reference = tableReference('acme', 'hospital', id)
  if (reference === undefined) throw new Error('no table')
  return reference
}

const limit = (meter: UsageLimit['meter'], most: number, subject: string): UsageLimit => ({
  meter,
  most,
  subject,
})

const digests = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) =>
    createHash('sha256')
      .update(`${from + i}`)
      .digest(),
  )

/** What derived tags, kill switches, usage and watermarks promise on every store. Each call opens an empty one. */
export function registeredContract(open: () => Promise<OpenStore<Registered>>): void {
  describe('what a policy at work keeps', () => {
    let store: OpenStore<Registered>
    let port: Registered
    beforeAll(async () => {
      store = await open()
      port = store.port
    })
    afterAll(() => store.close())

    test('tags are found by their tables, whatever the case, and adding one again changes nothing', async () => {
      const tag = {
        column: 'acme.hospital.copies.Body',
        sources: ['acme.hospital.patients.ssn'],
        isCopy: true,
      }
      const other = { ...tag, column: 'acme.hospital.more.a', isCopy: false }
      await port.derivedTags.add([tag, other])
      await port.derivedTags.add([tag])
      expect(await port.derivedTags.of([table('copies')])).toEqual([tag])
      expect(await port.derivedTags.of([table('COPIES'), table('more')])).toEqual([tag, other])
      expect(await port.derivedTags.of([table('none')])).toEqual([])
    })

    test('of tags that many add at once none is lost', async () => {
      const tags = Array.from({ length: 8 }, (_, i) => ({
        column: `acme.hospital.busy.c${i}`,
        sources: ['acme.hospital.patients.ssn'],
        isCopy: true,
      }))
      await Promise.all(tags.map((tag) => port.derivedTags.add([tag])))
      const found = await port.derivedTags.of([table('busy')])
      expect(found.map(({ column }) => column).toSorted()).toEqual(tags.map(({ column }) => column))
    })

    test('a kill switch is set once for each scope, and cleared', async () => {
      const first = { scope: { kind: 'global' }, reason: 'a', by: 'ana', at: AT } as const
      const dataset = { kind: 'dataset', dataset: 'acme.hospital' } as const
      await port.killSwitches.set(first)
      await port.killSwitches.set({ ...first, scope: dataset })
      await port.killSwitches.set({ ...first, reason: 'b' })
      expect(await port.killSwitches.list()).toEqual([
        { ...first, scope: dataset },
        { ...first, reason: 'b' },
      ])
      expect(await port.killSwitches.clear({ kind: 'global' })).toBe(true)
      expect(await port.killSwitches.clear({ kind: 'global' })).toBe(false)
      expect(await port.killSwitches.list()).toHaveLength(1)
    })

    test('how far the record was compared with the jobs only goes on', async () => {
      const { reconciledUpTo } = port
      expect(await reconciledUpTo.read()).toBe(0)
      await Promise.all([AT + 1, AT + 3, AT + 2].map((to) => reconciledUpTo.advance(to)))
      expect(await reconciledUpTo.read()).toBe(AT + 3)
      await reconciledUpTo.advance(AT)
      expect(await reconciledUpTo.read()).toBe(AT + 3)
    })

    test('of sweeps that move the watermark at once one does, and what is open is kept with it', async () => {
      const { watermarks } = port
      expect(await watermarks.read()).toEqual({ at: 0, open: [] })
      const moved = await Promise.all(
        ['a', 'b', 'c'].map((call) => watermarks.advance(0, AT, [{ call, lookAt: AT + 1 }])),
      )
      expect(moved.filter(Boolean)).toHaveLength(1)
      const call = ['a', 'b', 'c'][moved.indexOf(true)] ?? ''
      expect(await watermarks.read()).toEqual({ at: AT, open: [{ call, lookAt: AT + 1 }] })

      expect(await watermarks.advance(AT, AT + 5, [{ call: 'd', lookAt: 7 }])).toBe(true)
      await watermarks.revise([
        { call, lookAt: undefined },
        { call: 'd', lookAt: 8 },
        { call: 'forgotten', lookAt: 9 },
      ])
      expect(await watermarks.read()).toEqual({ at: AT + 5, open: [{ call: 'd', lookAt: 8 }] })
      expect(await watermarks.advance(AT, AT + 9, [])).toBe(false)
    })

    test('queries are counted by the minute', async () => {
      const limits = [limit('queries-per-minute', 2, 'per-minute')]
      const start = (call: string, at: number) =>
        port.usage.start({ call, at, expiresAt: at + MINUTE, limits })
      expect(await start('a', AT)).toBe('started')
      expect(await start('b', AT + 1)).toBe('started')
      expect(await start('c', AT + 2)).toEqual({ reached: limits[0] })
      expect(await start('d', AT + MINUTE)).toBe('started')
    })

    test('of queries that many start at once no more are let through than may', async () => {
      const limits = [limit('concurrent-jobs', 3, 'at-once')]
      const started = await Promise.all(
        Array.from({ length: 8 }, (_, i) =>
          port.usage.start({ call: `c${i}`, at: AT, expiresAt: AT + DAY, limits }),
        ),
      )
      expect(started.filter((each) => each === 'started')).toHaveLength(3)
    })

    test('what runs stops running when it is finished, or when its time is over', async () => {
      const limits = [limit('concurrent-jobs', 1, 'running')]
      const start = (call: string, at: number) =>
        port.usage.start({ call, at, expiresAt: at + MINUTE, limits })
      expect(await start('a', AT)).toBe('started')
      expect(await start('b', AT)).not.toBe('started')
      await port.usage.finish('running', 'a')
      await port.usage.finish('running', 'a')
      expect(await start('b', AT)).toBe('started')
      expect(await start('c', AT + MINUTE + 1)).toBe('started')
    })

    test('bytes count once a call, until the day is over', async () => {
      const limits = [limit('bytes-per-day', 100, 'bytes')]
      const start = (at: number) =>
        port.usage.start({ call: 'x', at, expiresAt: at + MINUTE, limits })
      await port.usage.addBytes('bytes', 'a', 60, AT)
      await port.usage.addBytes('bytes', 'a', 60, AT)
      expect(await start(AT)).toBe('started')
      await port.usage.addBytes('bytes', 'b', 60, AT)
      expect(await start(AT)).toEqual({ reached: limits[0] })
      expect(await start(AT + DAY)).toBe('started')
    })

    test('a row counts once a day, however often it is seen', async () => {
      const count = (from: number, to: number, at = AT) =>
        port.usage.addRows('rows', digests(from, to), at)
      const first = await count(0, 100)
      expect(Math.abs(first - 100)).toBeLessThan(5)
      expect(await count(50, 100)).toBe(first)
      const many = await count(0, 20_000)
      expect(Math.abs(many - 20_000) / 20_000).toBeLessThan(0.1)
      expect(await count(0, 10, AT + DAY)).toBe(10)
    })
  })
}
