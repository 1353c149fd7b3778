import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { LogObjects } from '../../shared/recording/log-objects.ts'
import type { OpenStore } from './entry-store.ts'

const bytesOf = (text: string) => Buffer.from(text)

/** What the objects of a log promise, wherever they are. Each call opens an empty place. */
export function logObjectsContract(open: () => Promise<OpenStore<LogObjects>>): void {
  describe('objects of a log', () => {
    let store: OpenStore<LogObjects>
    let objects: LogObjects
    beforeAll(async () => {
      store = await open()
      objects = store.port
    })
    afterAll(() => store.close())

    test('are read as they were created, and are not there before', async () => {
      const path = 'tile/0/x001/x234/067.p/5'
      const bytes = Buffer.from(Array.from({ length: 1024 }, (_, i) => i % 256))
      expect(await objects.read(path)).toBeUndefined()
      expect(await objects.create(path, bytes)).toBe('created')
      expect(await objects.read(path)).toEqual(bytes)
      expect(await objects.read('tile/0/x001/x234/067.p')).toBeUndefined()
      expect(await objects.read('tile/0/x001/x234/067')).toBeUndefined()
    })

    test('of no bytes and of many are kept', async () => {
      const many = Buffer.alloc(5_000_000, 'sluice')
      expect(await objects.create('archive/default/0000000001.ndjson.gz', many)).toBe('created')
      expect(await objects.create('tile/entries/000.p/1', Buffer.alloc(0))).toBe('created')
      expect((await objects.read('archive/default/0000000001.ndjson.gz'))?.equals(many)).toBe(true)
      expect(await objects.read('tile/entries/000.p/1')).toEqual(Buffer.alloc(0))
    })

    test('are created once: the same again is no conflict, and others leave what is there', async () => {
      const path = 'tile/1/000.p/2'
      expect(await objects.create(path, bytesOf('first'))).toBe('created')
      expect(await objects.create(path, bytesOf('first'))).toBe('created')
      expect(await objects.create(path, bytesOf('other'))).toBe('conflict')
      expect(await objects.create(path, bytesOf('first and more'))).toBe('conflict')
      expect(await objects.create(path, bytesOf(''))).toBe('conflict')
      expect(await objects.read(path)).toEqual(bytesOf('first'))
    })

    test('that many create at once are what one of them wrote', async () => {
      const path = 'checkpoints/0000000000000001-00'
      const all = Array.from({ length: 12 }, (_, i) => bytesOf(`note ${i % 6}`))
      const answers = await Promise.all(all.map((bytes) => objects.create(path, bytes)))
      const kept = await objects.read(path)
      expect(answers.filter((answer) => answer === 'created')).toHaveLength(2)
      for (const [i, answer] of answers.entries())
        expect(answer).toBe(all[i]?.toString() === kept?.toString() ? 'created' : 'conflict')
    })

    test('are replaced whether there was one or not', async () => {
      await objects.replace('checkpoint', bytesOf('one'))
      expect(await objects.read('checkpoint')).toEqual(bytesOf('one'))
      await objects.replace('checkpoint', bytesOf('the second one'))
      expect(await objects.read('checkpoint')).toEqual(bytesOf('the second one'))
    })

    test('that are removed are gone, and may be created anew', async () => {
      const path = 'staging/0000000000000007-0a'
      await objects.remove(path)
      await objects.create(path, bytesOf('staged'))
      await objects.remove(path)
      expect(await objects.read(path)).toBeUndefined()
      expect(await objects.create(path, bytesOf('staged again'))).toBe('created')
    })
  })
}
