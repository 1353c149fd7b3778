import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { registeredHolds } from '../../shared/adapters/registers/holds.ts'
import { registeredErasures } from '../../shared/adapters/registers/pending-erasures.ts'
import { registeredSessions } from '../../shared/adapters/registers/recorded-sessions.ts'
import type { Registers } from '../../shared/adapters/registers/registers.ts'
import { registeredProgress } from '../../shared/adapters/registers/retention-progress.ts'
import { registeredSearches } from '../../shared/adapters/registers/saved-searches.ts'
import type { OpenStore } from './entry-store.ts'

const search = (id: string) => ({ id, name: `name of ${id}`, query: 'table=a', savedAt: 1 })

/** What sessions, holds, erasures and retention keep on every store. Each call opens registers that are empty. */
export function recordRegistersContract(open: () => Promise<OpenStore<Registers>>): void {
  describe('what the upkeep of the record keeps', () => {
    let store: OpenStore<Registers>
    beforeAll(async () => {
      store = await open()
    })
    afterAll(() => store.close())

    test('sessions are listed while they are open, those first that were not seen for longest', async () => {
      const sessions = registeredSessions(store.port)
      for (const [session, at] of [
        ['b', 20],
        ['a', 30],
        ['c', 10],
        ['b', 40],
        ['b', 5],
      ] as const)
        await sessions.see(session, at)
      expect(await sessions.listOpen(10)).toEqual(['c', 'a', 'b'])
      expect(await sessions.listOpen(2)).toEqual(['c', 'a'])
      const state = await sessions.find('c')
      expect(state).toEqual({ isOpen: true, seenAt: 10, number: 0, from: 0 })
      if (state === undefined) throw new Error('no session')
      await sessions.counted('c', state, 77)
      expect(await sessions.find('c')).toEqual({ isOpen: false, seenAt: 10, number: 1, from: 77 })
      // Somebody else has counted it.
      await sessions.counted('c', state, 99)
      expect(await sessions.find('c')).toMatchObject({ number: 1, from: 77 })
      expect(await sessions.listOpen(10)).toEqual(['a', 'b'])
      await sessions.see('c', 50)
      expect(await sessions.listOpen(10)).toEqual(['a', 'b', 'c'])
      expect(await sessions.find('unknown')).toBeUndefined()
    })

    test('a session that was seen while it was counted stays open', async () => {
      const sessions = registeredSessions(store.port)
      await sessions.see('d', 60)
      const state = await sessions.find('d')
      if (state === undefined) throw new Error('no session')
      await sessions.see('d', 61)
      await sessions.counted('d', state, 5)
      expect(await sessions.find('d')).toEqual({ isOpen: true, seenAt: 61, number: 1, from: 5 })
    })

    test('holds, pending erasures and progress are read back as they were', async () => {
      const holds = registeredHolds(store.port)
      const one = { id: 'a', scope: { session: 's' }, by: 'i otto', reason: 'x', at: 1 }
      const other = { id: 'b', scope: {}, by: 'i otto', reason: 'y', at: 2 }
      await Promise.all([holds.add(one), holds.add(other), holds.add(one)])
      expect((await holds.list()).toSorted((a, b) => a.at - b.at)).toEqual([one, other])
      await holds.remove('a')
      await holds.remove('a')
      expect(await holds.list()).toEqual([other])

      const pending = registeredErasures(store.port)
      const erasure = { id: 'erasure~a', at: 1, keys: ['s.1'], grants: ['g'] }
      await pending.add(erasure)
      expect(await pending.list()).toEqual([erasure])
      await pending.remove('erasure~a')
      expect(await pending.list()).toEqual([])

      const progress = registeredProgress(store.port)
      expect(await progress.read()).toBeUndefined()
      await progress.write({ basis: 'x', next: { default: 7 } })
      expect(await progress.read()).toEqual({ basis: 'x', next: { default: 7 } })
    })

    test('everybody has saved searches of their own, and saving one again changes nothing', async () => {
      const searches = registeredSearches(store.port)
      await Promise.all(
        ['a', 'b', 'a'].map((id) => searches.save('https://id.example ana', search(id))),
      )
      await searches.save('https://id.example bob', search('c'))
      const ids = async (owner: string) =>
        (await searches.of(`https://id.example ${owner}`)).map(({ id }) => id).toSorted()
      expect(await ids('ana')).toEqual(['a', 'b'])
      expect(await searches.of('https://id.example bob')).toEqual([search('c')])
      expect(await searches.remove('https://id.example bob', 'a')).toBe(false)
      expect(await searches.remove('https://id.example ana', 'a')).toBe(true)
      expect([await ids('ana'), await ids('bob'), await ids('eve')]).toEqual([['b'], ['c'], []])
    })
  })
}
