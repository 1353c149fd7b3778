import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { EntryStore } from '../../shared/recording/entry-store.ts'
import type { RemoveEntries } from '../../shared/recording/retention/entry-removal.ts'
import { sampleCallId, sampleRequest } from '../support/sample-entries.ts'
import type { OpenStore } from './entry-store.ts'

interface Port {
  readonly entries: EntryStore
  readonly removeEntries: RemoveEntries
}

/** What `RemoveEntries` promises on every store. Each call opens an empty one. */
export function entryRemovalContract(open: () => Promise<OpenStore<Port>>): void {
  describe('what retention deletes', () => {
    let store: OpenStore<Port>
    let port: Port
    beforeAll(async () => {
      store = await open()
      port = store.port
    })
    afterAll(() => store.close())

    test('is gone from every list, and nothing else is', async () => {
      const stored = [1, 2, 3].map((number) => sampleRequest({ call: sampleCallId(number) }))
      for (const each of stored) await port.entries.create(each)
      const [first, second, third] = stored.map(({ entry }) => entry.id)
      if (first === undefined || second === undefined) throw new Error('no entries')
      await port.removeEntries([first, second, first, 'never~there'])
      await port.removeEntries([first])
      await port.removeEntries([])
      expect(await port.entries.get(first)).toBeUndefined()
      const listed = await port.entries.list({ limit: 10 })
      expect(listed.ok && listed.value.entries.map(({ entry }) => entry.id)).toEqual([third])
      expect((await port.entries.committed({ at: 0 }, 10)).map(({ id }) => id)).toEqual([third])
    })

    test('is at most 400 entries at once, and none when it is more', async () => {
      const stored = sampleRequest({ call: sampleCallId(10) })
      await port.entries.create(stored)
      const ids = Array.from({ length: 401 }, (_, n) => (n === 0 ? stored.entry.id : `x~${n}`))
      await expect(port.removeEntries(ids)).rejects.toThrow('too many')
      expect(await port.entries.get(stored.entry.id)).toBeDefined()
    })
  })
}
