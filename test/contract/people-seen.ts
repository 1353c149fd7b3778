import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { PeopleSeen } from '../../shared/approval/people-seen.ts'
import type { OpenStore } from './entry-store.ts'

const AT = Date.UTC(2026, 10, 21, 12)
const HOUR = 60 * 60_000
const issuer = 'https://id.acme.example'

const person = (subject: string, email: string | undefined, groups: readonly string[] = ['a']) => ({
  issuer,
  subject,
  groups,
  email,
  actors: [],
})

/** What is promised of people who came to Sluice, on every store. Each call opens an empty one. */
export function peopleSeenContract(
  open: () => Promise<OpenStore<{ readonly peopleSeen: PeopleSeen }>>,
): void {
  describe('people who were seen', () => {
    let store: OpenStore<{ readonly peopleSeen: PeopleSeen }>
    let people: PeopleSeen
    beforeAll(async () => {
      store = await open()
      people = store.port.peopleSeen
    })
    afterAll(() => store.close())

    test('are found by their address, whatever its case, and with their groups', async () => {
      await people.saw(person('pia', 'Pia@acme.example', ['privacy-office']), AT)
      const pia = { issuer, subject: 'pia', groups: ['privacy-office'], at: AT }
      expect(await people.byEmail('pia@ACME.example')).toEqual([pia])
      expect(await people.groupsNow(issuer, 'pia')).toEqual({ groups: ['privacy-office'], at: AT })
      expect(await people.byEmail('pia@acme.example.evil.example')).toEqual([])
      expect(await people.groupsNow('https://other.example', 'pia')).toBeUndefined()
    })

    test('have the groups of their latest token, in whatever order they are noted', async () => {
      await people.saw(person('leo', 'leo@acme.example', ['b']), AT + HOUR)
      await people.saw(person('leo', 'leo@acme.example', ['a']), AT)
      expect(await people.groupsNow(issuer, 'leo')).toEqual({ groups: ['b'], at: AT + HOUR })
      await people.saw(person('leo', 'leo@acme.example', []), AT + HOUR + 1)
      expect(await people.groupsNow(issuer, 'leo')).toEqual({ groups: [], at: AT + HOUR + 1 })
    })

    test('who lost an address is not found by it, whoever has it now', async () => {
      await people.saw(person('old', 'desk@acme.example'), AT)
      await people.saw(person('old', 'other@acme.example'), AT + HOUR)
      await people.saw(person('new', 'desk@acme.example'), AT + HOUR)
      const found = await people.byEmail('desk@acme.example')
      expect(found.map(({ subject }) => subject)).toEqual(['new'])
      await people.saw(person('new', undefined), AT + 2 * HOUR)
      expect(await people.byEmail('desk@acme.example')).toEqual([])
    })

    test('two with one address are both found, also when they came at once', async () => {
      const names = ['t1', 't2', 't3', 't4']
      await Promise.all(names.map((name) => people.saw(person(name, 'twin@acme.example'), AT)))
      const found = await people.byEmail('twin@acme.example')
      expect(found.map(({ subject }) => subject).toSorted()).toEqual(names)
    })

    test('an agent that acts for somebody does not make them seen', async () => {
      const actors = [{ issuer, subject: 'agent' }]
      await people.saw({ ...person('away', 'away@acme.example'), actors }, AT)
      expect(await people.byEmail('away@acme.example')).toEqual([])
      expect(await people.groupsNow(issuer, 'away')).toBeUndefined()
    })
  })
}
