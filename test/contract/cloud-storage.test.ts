import { afterAll, afterEach, describe, expect, test } from 'vitest'

import { bucketWorld } from '../support/bucket-world.ts'
import { errorReply } from '../support/stub-replies.ts'
import { logObjectsContract } from './log-objects.ts'

const bytesOf = (text: string) => Buffer.from(text)

const world = await bucketWorld()
const { storage, newPlace, objectsIn, since } = world
afterEach(() => {
  storage.fail()
  storage.retentionMs = 0
  storage.held.clear()
})
afterAll(() => storage.close())

describe('cloud storage', () => {
  logObjectsContract(async () => ({
    port: objectsIn(newPlace(), { timeoutMs: 5000 }),
    close: () => {},
  }))

  test('a bucket may be one log', async () => {
    await objectsIn('acme-log').create('tile/0/000.p/1', bytesOf('hash'))
    expect([...storage.objects.keys()]).toContain('tile/0/000.p/1')
  })

  test('two prefixes are two logs', async () => {
    const [one, other] = [newPlace(), newPlace()]
    await objectsIn(one).create('checkpoint', bytesOf('one'))
    expect(await objectsIn(other).read('checkpoint')).toBeUndefined()
  })

  test('what is created is uploaded under a condition, and with its checksum', async () => {
    const place = newPlace()
    const requests = await since(() =>
      objectsIn(place).create('tile/entries/000', bytesOf('123456789')),
    )
    expect(requests.map(({ query }) => query.get('ifGenerationMatch'))).toEqual(['0'])
    expect(world.stored(place, 'tile/entries/000')?.metadata).toEqual({
      name: `${place.slice('acme-log/'.length)}/tile/entries/000`,
      contentType: 'application/octet-stream',
      // RFC 3720 calls it E3069283.
      crc32c: '4waSgw==',
    })
  })

  test('the newest checkpoint may not be cached, and is text', async () => {
    const place = newPlace()
    await objectsIn(place).replace('checkpoint', bytesOf('note'))
    await objectsIn(place).create('checkpoints/1', bytesOf('note'))
    const metadata = (path: string) => world.stored(place, path)?.metadata
    expect(metadata('checkpoint')).toMatchObject({
      cacheControl: 'no-cache',
      contentType: 'text/plain; charset=utf-8',
    })
    expect(metadata('checkpoints/1')).toMatchObject({ contentType: 'text/plain; charset=utf-8' })
    expect(metadata('checkpoints/1')).not.toHaveProperty('cacheControl')
  })

  test('what is replaced by the same is not written again', async () => {
    const objects = objectsIn(newPlace())
    await objects.replace('checkpoint', bytesOf('note'))
    const requests = await since(() => objects.replace('checkpoint', bytesOf('note')))
    expect(requests.map(({ method }) => method)).toEqual(['GET'])
  })

  test.each([
    '../outside',
    'tile/../../outside',
    '/etc/passwd',
    '.well-known/acme-challenge/x',
    'tile//000',
    'tile/',
    '',
    'tile/0/000\0',
    'tile/0/%2e%2e',
    'checkpoint?alt=json',
    'checkpoint#x',
  ])('a path that is none is refused, and nothing is asked: %j', async (path) => {
    const objects = objectsIn(newPlace())
    const requests = await since(async () => {
      await expect(objects.read(path)).rejects.toThrow('no path of a log')
      await expect(objects.create(path, bytesOf('x'))).rejects.toThrow('no path of a log')
      await expect(objects.replace(path, bytesOf('x'))).rejects.toThrow('no path of a log')
      await expect(objects.remove(path)).rejects.toThrow('no path of a log')
    })
    expect(requests).toEqual([])
  })

  test.each([
    '',
    'a',
    'Acme',
    'acme-log/',
    'acme-log//x',
    'acme-log/../x',
    'acme log',
    'acme-log?x',
  ])('a place that cannot be is refused: %j', (place) => {
    expect(() => objectsIn(place)).toThrow('no bucket')
  })
})

describe('what a bucket keeps back', () => {
  const DAY_MS = 86_400_000

  test('is never what is replaced', async () => {
    const objects = objectsIn(newPlace(), { retainUntil: () => storage.now + DAY_MS })
    await objects.replace('checkpoint', bytesOf('one'))
    await objects.replace('checkpoint', bytesOf('two'))
    expect(await objects.read('checkpoint')).toEqual(bytesOf('two'))
  })

  test('under retention stays, and it is said why', async () => {
    const objects = objectsIn(newPlace())
    await objects.create('archive/default/0000000001.ndjson.gz', bytesOf('entries'))
    storage.retentionMs = DAY_MS
    const path = 'archive/default/0000000001.ndjson.gz'
    await expect(objects.remove(path)).rejects.toThrow(
      `cloud storage does not remove \`${path}\`: its retention is not over`,
    )
    expect(await objects.read(path)).toEqual(bytesOf('entries'))
    expect(await objects.create(path, bytesOf('entries'))).toBe('created')
    expect(await objects.create(path, bytesOf('others'))).toBe('conflict')
    storage.now += DAY_MS
    await objects.remove(path)
    expect(await objects.read(path)).toBeUndefined()
  })

  test('on hold stays, and it is said why', async () => {
    const place = newPlace()
    const objects = objectsIn(place)
    await objects.create('tile/0/000', bytesOf('hash'))
    storage.held.add(`${place.slice('acme-log/'.length)}/tile/0/000`)
    await expect(objects.remove('tile/0/000')).rejects.toThrow('it is on hold')
    expect(await objects.read('tile/0/000')).toEqual(bytesOf('hash'))
  })

  test('is compared also where retention is said before the condition', async () => {
    const objects = objectsIn(newPlace())
    await objects.create('tile/0/000', bytesOf('a'))
    storage.fail((request, usual) =>
      request.method === 'POST' ? errorReply(403, 'retentionPolicyNotMet', 'no') : usual(),
    )
    expect(await objects.create('tile/0/000', bytesOf('a'))).toBe('created')
    expect(await objects.create('tile/0/000', bytesOf('b'))).toBe('conflict')
    await expect(objects.create('tile/0/001', bytesOf('a'))).rejects.toThrow(
      'its retention is not over',
    )
    await expect(objects.replace('checkpoint', bytesOf('a'))).rejects.toThrow(
      'its retention is not over',
    )
  })

  test('may differ by path, with retention of each object', async () => {
    const objects = objectsIn(newPlace(), {
      retainUntil: (path) =>
        path === 'checkpoint' || path.startsWith('staging/') ? undefined : storage.now + DAY_MS,
    })
    await objects.create('tile/0/000', bytesOf('hash'))
    await objects.create('staging/1', bytesOf('batch'))
    await objects.replace('checkpoint', bytesOf('one'))
    await objects.replace('checkpoint', bytesOf('two'))
    await objects.remove('staging/1')
    await expect(objects.remove('tile/0/000')).rejects.toThrow('its retention is not over')
    expect(await objects.read('tile/0/000')).toEqual(bytesOf('hash'))
  })
})
