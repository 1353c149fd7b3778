import { afterAll, afterEach, describe, expect, test } from 'vitest'

import { bucketWorld } from '../../support/bucket-world.ts'
import { BUCKET_TOKEN } from '../../support/stub-cloud-storage.ts'
import {
  closeMidBody,
  endless,
  hang,
  htmlReply,
  notHttp,
  redirect,
  resetAfterHeaders,
  resetBeforeHeaders,
  slowLoris,
} from '../../support/stub-faults.ts'
import { bytesReply, errorReply, jsonReply } from '../../support/stub-replies.ts'
import type { Respond } from '../../support/stub-upstream.ts'

const noCredential = () => Promise.reject(new Error('no credential'))
const bytesOf = (text: string) => Buffer.from(text)
const GZIP = { headers: { 'content-encoding': 'gzip' } }

const world = await bucketWorld()
const { storage, newPlace, objectsIn, since } = world
afterEach(() => storage.fail())
afterAll(() => storage.close())

describe('a bucket that is busy or out of reach', () => {
  const busy = [429, 408, 500, 502, 503, 504].map((status): readonly [string, Respond] => [
    String(status),
    errorReply(status, 'backendError', 'try again'),
  ])
  const lost: readonly (readonly [string, Respond])[] = [
    ['a reset', resetBeforeHeaders],
    ['half an answer', closeMidBody],
    ['no HTTP', notHttp],
    ['no answer', hang],
    ['one byte at a time', slowLoris(20)],
    ['a reset after the headers', resetAfterHeaders],
    ['a body that does not inflate', bytesReply(200, bytesOf('no gzip at all'), GZIP)],
  ]

  test.each([...busy, ...lost])(
    'is asked again, and does all that is asked: %s',
    async (_n, fault) => {
      const objects = objectsIn(newPlace())
      world.first(fault)
      expect(await objects.create('tile/0/000', bytesOf('a'))).toBe('created')
      world.first(fault, fault)
      expect(await objects.read('tile/0/000')).toEqual(bytesOf('a'))
      world.first(fault, fault, fault)
      await objects.replace('checkpoint', bytesOf('note'))
      world.first(fault)
      await objects.remove('tile/0/000')
      storage.fail()
      expect(await objects.read('tile/0/000')).toBeUndefined()
      expect(await objects.read('checkpoint')).toEqual(bytesOf('note'))
    },
  )

  test.each([...busy, ...lost])('is given up on in the end: %s', async (_name, fault) => {
    const objects = objectsIn(newPlace(), { timeoutMs: 50 })
    storage.fail(() => fault)
    const requests = await since(() =>
      expect(objects.read('checkpoint')).rejects.toThrow(/answer|busy/),
    )
    expect(requests).toHaveLength(4)
    await expect(objects.create('tile/0/000', bytesOf('a'))).rejects.toThrow(/answer|busy/)
    await expect(objects.replace('checkpoint', bytesOf('a'))).rejects.toThrow(/answer|busy/)
    await expect(objects.remove('tile/0/000')).rejects.toThrow(/answer|busy/)
  })

  test('may have done what it did not answer: the same bytes are created, others a conflict', async () => {
    const objects = objectsIn(newPlace())
    world.loseAnswers(1)
    expect(await objects.create('tile/0/000', bytesOf('a'))).toBe('created')
    world.loseAnswers(1)
    expect(await objects.create('tile/0/000', bytesOf('b'))).toBe('conflict')
    world.loseAnswers(3)
    await objects.replace('checkpoint', bytesOf('note'))
    world.loseAnswers(1)
    await objects.remove('tile/0/000')
    storage.fail()
    expect(await objects.read('checkpoint')).toEqual(bytesOf('note'))
    expect(await objects.read('tile/0/000')).toBeUndefined()
  })

  test('does not undo, with what was given up on, what others replaced since', async () => {
    const place = newPlace()
    const [slow, quick] = [objectsIn(place, { timeoutMs: 50 }), objectsIn(place)]
    await quick.replace('checkpoint', bytesOf('size 10'))
    let late: (() => Respond) | undefined
    storage.fail((request, usual) => {
      if (request.method === 'GET') return usual()
      late = usual
      return hang
    })
    await expect(slow.replace('checkpoint', bytesOf('size 11'))).rejects.toThrow('no answer')
    storage.fail()
    await quick.replace('checkpoint', bytesOf('size 12'))
    late?.()
    expect(await quick.read('checkpoint')).toEqual(bytesOf('size 12'))
  })

  test('takes what is replaced by many at once whole, from one of them', async () => {
    const place = newPlace()
    const notes = ['one', 'two', 'three'].map(bytesOf)
    await Promise.all(notes.map((note) => objectsIn(place).replace('checkpoint', note)))
    const kept = await objectsIn(place).read('checkpoint')
    expect(notes.map(String)).toContain(String(kept))
  })

  test('that others always replace first is given up on', async () => {
    const place = newPlace()
    storage.fail((request, usual) =>
      request.method === 'POST' ? errorReply(412, 'conditionNotMet', 'no') : usual(),
    )
    await expect(objectsIn(place).replace('checkpoint', bytesOf('x'))).rejects.toThrow(
      'others keep replacing it',
    )
  })
})

describe('what a bucket says', () => {
  test('is not believed without its checksum', async () => {
    const objects = objectsIn(newPlace())
    await objects.create('tile/0/000', bytesOf('hash'))
    for (const headers of [
      {},
      { 'x-goog-generation': '1' },
      { 'x-goog-generation': '1', 'x-goog-hash': 'md5=AAAAAAAAAAAAAAAAAAAAAA==' },
      { 'x-goog-generation': '1', 'x-goog-hash': 'crc32c=AAAAAA==' },
      { 'x-goog-generation': 'one', 'x-goog-hash': 'crc32c=jZEbKg==' },
    ]) {
      storage.fail(() => bytesReply(200, bytesOf('bundle'), { headers }))
      // oxlint-disable-next-line no-await-in-loop -- one fault after the other
      await expect(objects.read('tile/0/000')).rejects.toThrow('is not what it stored')
      // oxlint-disable-next-line no-await-in-loop
      await expect(objects.replace('checkpoint', bytesOf('x'))).rejects.toThrow(
        'not what it stored',
      )
    }
  })

  test.each<readonly [string, Respond]>([
    ['a web page', htmlReply(200)],
    ['half a JSON', bytesReply(200, bytesOf('{"name":'))],
    ['nothing', jsonReply(200, {})],
    ['another name', stored({ name: 'other' })],
    ['another bucket', stored({ bucket: 'other' })],
    ['another checksum', stored({ crc32c: 'AAAAAA==' })],
  ])('of an upload counts only if it is of that object: %s', async (_name, answer) => {
    const place = newPlace()
    storage.fail((request, usual) => (request.method === 'POST' ? answer : usual()))
    const words = 'is not what it was sent'
    await expect(objectsIn(place).create('tile/0/000', bytesOf('a'))).rejects.toThrow(words)
    await expect(objectsIn(place).replace('checkpoint', bytesOf('a'))).rejects.toThrow(words)
  })

  test('of a removal counts only if nothing else is said', async () => {
    storage.fail(() => htmlReply(200))
    await expect(objectsIn(newPlace()).remove('tile/0/000')).rejects.toThrow('status `200`')
  })

  test('is nothing when it is elsewhere', async () => {
    storage.fail(() => redirect(storage.url.href))
    const requests = await since(async () => {
      const objects = objectsIn(newPlace())
      await expect(objects.read('checkpoint')).rejects.toThrow('status `302`')
      await expect(objects.create('tile/0/000', bytesOf('a'))).rejects.toThrow('status `302`')
      await expect(objects.remove('tile/0/000')).rejects.toThrow('status `302`')
    })
    expect(requests).toHaveLength(3)
  })

  test.each<readonly [string, Respond, string]>([
    [
      'no rights',
      errorReply(403, 'forbidden', `no rights for ${BUCKET_TOKEN}`),
      'status `403`, `forbidden`',
    ],
    ['no bucket', errorReply(404, 'notFound', 'no bucket'), 'status `404`, `notFound`'],
    [
      'wrong credential',
      errorReply(401, 'authError', `not ${BUCKET_TOKEN}`),
      'status `401`, `authError`',
    ],
    ['a conflict', errorReply(409, 'conflict', BUCKET_TOKEN), 'status `409`, `conflict`'],
    ['a page', htmlReply(400), 'status `400`, `no reason`'],
    ['a strange reason', errorReply(400, `is ${BUCKET_TOKEN}`, 'x'), 'status `400`, `no reason`'],
  ])(
    'is told in words from a list, and nothing is asked twice: %s',
    async (_name, respond, words) => {
      storage.fail(() => respond)
      const objects = objectsIn(newPlace())
      const requests = await since(() =>
        expect(objects.create('tile/0/000', bytesOf('x'))).rejects.toThrow(words),
      )
      expect(requests).toHaveLength(1)
      const cause = await objects
        .create('tile/0/000', bytesOf('x'))
        .catch((error: unknown) => error)
      expect(JSON.stringify([String(cause), Object(cause)])).not.toContain(BUCKET_TOKEN)
    },
  )

  test.each([400, 401, 403, 409, 412])(
    'is told whatever was asked, and nothing is taken for an object: %i',
    async (status) => {
      const objects = objectsIn(newPlace())
      storage.fail(() => errorReply(status, 'anything', BUCKET_TOKEN))
      const requests = await since(async () => {
        for (const use of [objects.read, objects.remove, objects.replace]) {
          // oxlint-disable-next-line no-await-in-loop -- one after the other
          const cause = await use('checkpoint', bytesOf('x')).catch((thrown: unknown) => thrown)
          expect(String(cause)).toMatch(new RegExp(`status \`${status}\`, \`anything\`$`))
        }
      })
      expect(requests).toHaveLength(3)
    },
  )

  test('has an end', async () => {
    storage.fail(() => endless)
    await expect(objectsIn(newPlace(), { pausesMs: [] }).read('checkpoint')).rejects.toThrow(
      'no answer in time',
    )
  })

  test('nobody hears without a credential, nor over plain HTTP elsewhere', async () => {
    const requests = await since(() =>
      expect(
        objectsIn(newPlace(), { ownIdentity: noCredential }).read('checkpoint'),
      ).rejects.toThrow('no credential'),
    )
    expect(requests).toEqual([])
    const baseUrl = new URL('http://storage.example')
    await expect(objectsIn(newPlace(), { baseUrl }).read('checkpoint')).rejects.toThrow(
      'neither https',
    )
  })
})

/** What Cloud Storage says once it stored `a` as a tile, but for `change`. */
function stored(change: Readonly<Record<string, string>>): Respond {
  return (request, response) => {
    const [, name = ''] = /"name":"([^"]+)"/.exec(request.body.toString()) ?? []
    // Of `a`, by RFC 3720.
    const answer = { bucket: 'acme-log', name, crc32c: 'wdBDMA==', ...change }
    return jsonReply(200, answer)(request, response)
  }
}
