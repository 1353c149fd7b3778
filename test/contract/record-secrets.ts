import { randomBytes } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { aesWrapKey } from '../../shared/adapters/key-file/aes-wrap-key.ts'
import { registeredSecrets } from '../../shared/adapters/registers/record-secrets.ts'
import type { Registers } from '../../shared/adapters/registers/registers.ts'
import type { RecordSecrets } from '../../shared/recording/private-facts.ts'
import type { OpenStore } from './entry-store.ts'

const SESSION = 'aaaaaaaaaaaaaaaaaaaaaaaaa2'
const ANA = 'https://login.acme.example ana'

/** What `RecordSecrets` promises on every store. Each call opens registers that are empty. */
export function recordSecretsContract(open: () => Promise<OpenStore<Registers>>): void {
  describe('secrets of the record', () => {
    let store: OpenStore<Registers>
    beforeAll(async () => {
      store = await open()
    })
    afterAll(() => store.close())

    const wrapKey = aesWrapKey(randomBytes(32))
    let now = Date.UTC(2026, 10, 21)
    /** Another instance. */
    const instance = (key = wrapKey): RecordSecrets =>
      registeredSecrets(
        { ...store.port },
        { wrapKey: key, clock: () => now, random: (bytes) => randomBytes(bytes) },
      )
    let sessions = 0
    const newSession = () => `${SESSION}${(sessions += 1)}`

    test('a session has one secret, whichever instance asks, and its id says which', async () => {
      const session = newSession()
      const made = await instance().current({ session, owner: ANA })
      expect(made.id).toBe(`${session}.1`)
      expect(made.secret).toHaveLength(32)
      expect(await instance().current({ session, owner: ANA })).toMatchObject(made)
      expect(await instance().find(made.id)).toMatchObject(made)
      expect((await instance().current({ session: newSession(), owner: ANA })).secret).not.toEqual(
        made.secret,
      )
    })

    test('of many who need the first secret at once all get the same', async () => {
      const session = newSession()
      const found = await Promise.all(
        Array.from({ length: 8 }, () => instance().current({ session, owner: ANA })),
      )
      expect(new Set(found.map(({ secret }) => Buffer.from(secret).toString('hex'))).size).toBe(1)
    })

    test('a day has a secret of its own', async () => {
      const made = await instance().current({ day: '2026-11-21' })
      expect(made.id).toBe('day-2026-11-21.1')
      expect(await instance().find(made.id)).toMatchObject(made)
    })

    test('a secret that was erased is gone for everybody, and the next one is another', async () => {
      const session = newSession()
      const here = instance()
      const { id, secret } = await here.current({ session, owner: ANA })
      await here.erase(id)
      for (const each of [here, instance()]) {
        expect(await each.find(id)).toBeUndefined()
        expect(await each.list({ session })).toEqual([])
      }
      const next = await here.current({ session, owner: ANA })
      expect(next.id).toBe(`${session}.2`)
      expect(next.secret).not.toEqual(secret)
      expect(await here.find(id)).toBeUndefined()
      expect(await here.list({ session })).toEqual([next.id])
    })

    test('an instance that had the secret in memory forgets it within a minute', async () => {
      const session = newSession()
      const [here, there] = [instance(), instance()]
      const { id } = await there.current({ session, owner: ANA })
      await here.erase(id)
      expect(await there.find(id)).toBeDefined()
      now += 60_000
      expect(await there.find(id)).toBeUndefined()
      expect((await there.current({ session, owner: ANA })).id).toBe(`${session}.2`)
    })

    test('a clock that goes back keeps no secret alive', async () => {
      const session = newSession()
      const [here, there] = [instance(), instance()]
      const { id } = await there.current({ session, owner: ANA })
      await here.erase(id)
      now -= 3_600_000
      expect(await there.find(id)).toBeUndefined()
    })

    test('all secrets of an owner are listed, over all pages, and nobody else’s', async () => {
      const owner = 'https://login.acme.example many'
      const here = instance()
      const made: string[] = []
      for (let number = 0; number < 105; number += 1) {
        now += number % 3
        made.push((await here.current({ session: newSession(), owner })).id)
      }
      await here.current({ session: newSession(), owner: ANA })
      expect((await here.list({ owner })).toSorted()).toEqual(made.toSorted())
      const [first = ''] = made
      await here.erase(first)
      expect((await here.list({ owner })).toSorted()).toEqual(made.slice(1).toSorted())
    }, 60_000)

    test('erasing what is not there, or twice, is no problem', async () => {
      const session = newSession()
      const here = instance()
      await here.erase(`${session}.1`)
      await here.erase('../x.1')
      const { id } = await here.current({ session, owner: ANA })
      await here.erase(`${session}.2`)
      expect(await here.find(id)).toBeDefined()
      await here.erase(id)
      await here.erase(id)
      expect(await here.find(id)).toBeUndefined()
    })

    test('a secret opens under the key it was wrapped with, and its own id only', async () => {
      const [session, other] = [newSession(), newSession()]
      const { id } = await instance().current({ session, owner: ANA })
      await expect(instance(aesWrapKey(randomBytes(32))).find(id)).rejects.toThrow('authenticate')
      await instance().current({ session: other, owner: ANA })
      const stolen = await store.port.read('recordSecrets', session)
      const place = await store.port.read('recordSecrets', other)
      const bytes = stolen?.bytes ?? Buffer.of()
      await store.port.write('recordSecrets', other, bytes, { version: place?.version })
      await expect(instance().find(`${other}.1`)).rejects.toThrow('authenticate')
    })

    test('no secret is kept in clear', async () => {
      const session = newSession()
      const { secret } = await instance().current({ session, owner: ANA })
      const kept = await store.port.read('recordSecrets', session)
      const text = kept?.bytes.toString('latin1') ?? ''
      for (const encoding of ['base64', 'hex', 'latin1'] as const)
        expect(text).not.toContain(Buffer.from(secret).toString(encoding))
    })
  })
}
