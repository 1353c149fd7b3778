import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { registeredLogState } from '../../shared/adapters/registers/log-state.ts'
import type { Registers } from '../../shared/adapters/registers/registers.ts'
import type { LogState } from '../../shared/recording/log-state.ts'
import { tryThrice } from '../../shared/recording/try-thrice.ts'
import type { OpenStore } from './entry-store.ts'

/** What sealers can rely on to share their state, on every store. Each call opens an empty one. */
export function logStateContract(open: () => Promise<OpenStore<Registers>>): void {
  describe('the state that sealers share', () => {
    let store: OpenStore<Registers>
    let state: LogState
    beforeAll(async () => {
      store = await open()
      state = registeredLogState(store.port)
      // The first of all requests to a store can take long.
      await tryThrice(() => state.read())
    })
    afterAll(() => store.close())

    test('is not there, then written once, then only over the version that was read', async () => {
      expect(await state.read()).toBeUndefined()
      expect(await state.write(Buffer.from('first'), undefined)).toBe(true)
      expect(await state.write(Buffer.from('also first'), undefined)).toBe(false)
      const first = await state.read()
      expect(first?.bytes).toEqual(Buffer.from('first'))
      expect(await state.write(Buffer.from('second'), first?.version)).toBe(true)
      expect(await state.write(Buffer.from('other'), first?.version)).toBe(false)
      const second = await state.read()
      expect(second?.bytes).toEqual(Buffer.from('second'))
      expect(second?.version).not.toBe(first?.version)
    })

    test('has another version also when what was there before is written again', async () => {
      const first = await state.read()
      expect(await state.write(Buffer.from('other'), first?.version)).toBe(true)
      const other = await state.read()
      expect(await state.write(first?.bytes ?? Buffer.alloc(0), other?.version)).toBe(true)
      const again = await state.read()
      expect(again?.bytes).toEqual(first?.bytes)
      expect([first?.version, other?.version]).not.toContain(again?.version)
    })

    test('of many who write at once, one does', async () => {
      const version = (await state.read())?.version
      const wrote = await Promise.all(
        Array.from({ length: 8 }, (_, i) => state.write(Buffer.from(`by ${i}`), version)),
      )
      expect(wrote.filter(Boolean)).toHaveLength(1)
      expect((await state.read())?.bytes.toString()).toBe(`by ${wrote.indexOf(true)}`)
    })

    test('holds 900,000 bytes and no more', async () => {
      const largest = Buffer.alloc(900_000, 'x')
      const version = (await state.read())?.version
      await expect(state.write(Buffer.concat([largest, Buffer.of(0)]), version)).rejects.toThrow(
        RangeError,
      )
      expect((await state.read())?.version).toBe(version)
      expect(await state.write(largest, version)).toBe(true)
      expect((await state.read())?.bytes.equals(largest)).toBe(true)
    })
  })
}
