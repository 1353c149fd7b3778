import { Hono } from 'hono'
import { beforeAll, describe, expect, test } from 'vitest'

import { logRoutes } from '../../shared/console/log-routes.ts'
import { parseLeaf } from '../../shared/recording/log/parse-leaf.ts'
import { seal } from '../../shared/recording/log/seal.ts'
import { leafHash } from '../../shared/tlog/hash.ts'
import { parseTlogProof } from '../../shared/tlog/tlog-proof.ts'
import { verifyTlogProof } from '../../shared/tlog/verify-tlog-proof.ts'
import { checkpointIn } from '../support/sealed-leaves.ts'
import {
  ORIGIN,
  START,
  logSigners,
  type SealingWorld,
  openedWriter,
  sealingWorld,
  someEntry,
} from '../support/sealing-world.ts'

let world: SealingWorld
let asked: string[]
let failures: unknown[]

const get = (path: string, method = 'GET') => {
  asked = []
  failures = []
  const read = (name: string) => {
    asked.push(name)
    return world.objects.read(name)
  }
  const onFailure = (cause: unknown) => void failures.push(cause)
  return logRoutes({ objects: { read }, entries: world.store, onFailure }).request(
    `https://sluice.example${path}`,
    {
      method,
    },
  )
}

const unreachable = () => Promise.reject(new Error('secret bucket'))

beforeAll(async () => {
  world = sealingWorld()
  const writer = await openedWriter(world, START * 1000)
  for (let n = 0; n < 300; n += 1)
    world.store.keep(someEntry(writer, `e${n}`, START), START * 1000 + n)
  await seal(world.sealer())
  await world.objects.create('staging/x', Buffer.from('staged'))
})

describe('the public log', () => {
  test('gives the newest checkpoint, which nobody may keep', async () => {
    const response = await get('/checkpoint')
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-cache')
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    const note = Buffer.from(await response.arrayBuffer())
    expect(note).toEqual(world.objects.stored.get('checkpoint'))
    expect(checkpointIn(note).size).toBe(302)
  })

  test.each([
    'tile/0/000',
    'tile/0/001.p/46',
    'tile/1/000.p/1',
    'tile/entries/000',
    'tile/entries/001.p/46',
  ])('gives %s, which never changes', async (path) => {
    const response = await get(`/${path}`)
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(response.headers.get('content-type')).toBe('application/octet-stream')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(Buffer.from(await response.arrayBuffer())).toEqual(world.objects.stored.get(path))
  })

  test.each(['/tile/0/001', '/tile/0/x001/000', '/tile/entries/002', '/tile/5/000'])(
    'says in plain words that it has no %s, and lets nobody keep that',
    async (path) => {
      const response = await get(path)
      expect(response.status).toBe(404)
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(await response.text()).toBe('the log has no such tile\n')
    },
  )

  test.each([
    '/tile/0',
    '/tile/0/',
    '/tile/0/0',
    '/tile/0/000.p/0',
    '/tile/0/000.p/256',
    '/tile/0/000/',
    '/tile/00/000',
    '/tile/64/000',
    '/tile/0/x000/000',
    '/tile/0/%30%30%30',
    '/tile/0/..%2f..%2fstaging%2fx',
    '/tile/..%2fcheckpoint',
    '/tile/entries/../../archive'.replace('..', '%2e%2e%2f'),
    '/tile/0/000%00',
    '/tile//0/000',
  ])('knows that %s is the path of no tile, and looks for none', async (path) => {
    const response = await get(path)
    expect(response.status).toBe(400)
    expect(await response.text()).toBe('not the path of a tile\n')
    expect(asked).toEqual([])
  })

  test.each([
    '/',
    '/archive/default/0000000000.ndjson.gz',
    '/manifests/0000000000.ndjson',
    '/staging/x',
    '/checkpoints/',
    '/checkpoint/',
    '/tile/../staging/x',
    '/tile/0/../../archive/default/0000000000.ndjson.gz',
    '/.incoming/x',
  ])('does not serve %s, nor look for it', async (path) => {
    const response = await get(path)
    expect(response.status).toBe(404)
    expect(await response.text()).toBe('not found\n')
    expect(asked).toEqual([])
  })

  test('is only read', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      // oxlint-disable-next-line no-await-in-loop -- one by one
      const response = await get('/checkpoint', method)
      expect(response.status).toBe(404)
      expect(asked).toEqual([])
    }
  })

  test('is the same below any prefix', async () => {
    const routes = logRoutes({ objects: world.objects, entries: world.store, onFailure: () => {} })
    for (const app of [new Hono().route('/log', routes), new Hono().mount('/log', routes.fetch)])
      for (const path of ['checkpoint', 'tile/0/000', 'tile/entries/001.p/46']) {
        // oxlint-disable-next-line no-await-in-loop -- one by one
        const response = await app.request(`https://sluice.example/log/${path}`)
        // oxlint-disable-next-line no-await-in-loop
        expect(Buffer.from(await response.arrayBuffer())).toEqual(world.objects.stored.get(path))
      }
  })

  test('has nothing before the first batch, and says so', async () => {
    const empty = logRoutes({
      objects: sealingWorld().objects,
      entries: world.store,
      onFailure: () => {},
    })
    expect((await empty.request('https://sluice.example/checkpoint')).status).toBe(404)
  })

  test('answers 503 where it cannot be read, without a word of why', async () => {
    const told: unknown[] = []
    const routes = logRoutes({
      objects: { read: unreachable },
      entries: world.store,
      onFailure: (cause) => void told.push(cause),
    })
    const response = await routes.request('https://sluice.example/tile/0/000')
    expect(response.status).toBe(503)
    expect(await response.text()).toBe('the log cannot be read now\n')
    expect(told).toHaveLength(1)
  })
})

describe('the proof of an entry', () => {
  const trust = {
    origin: ORIGIN,
    keys: [logSigners.ed25519.key, logSigners.p256.key],
    witnesses: [],
  }

  test.each(['e17', 'e299', 'batch~0'])('%s leads from its leaf to the checkpoint', async (id) => {
    const response = await get(`/proof/${id}`)
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-cache')
    const proof = parseTlogProof(Buffer.from(await response.arrayBuffer()))
    if (!proof.ok || proof.value.extra === undefined) throw new Error('no proof')
    const verified = verifyTlogProof(proof.value, leafHash(proof.value.extra), trust)
    expect(verified.ok && verified.value.size).toBe(302)
    const kept = await world.store.get(id)
    expect(parseLeaf(proof.value.extra)).toMatchObject({ i: id, e: kept?.hash })
    expect(verifyTlogProof(proof.value, leafHash(Buffer.from('another')), trust).ok).toBe(false)
  })

  test('is not there for what is not sealed, or not known', async () => {
    const later = (START + 60_000) * 1000
    const writer = await openedWriter(world, later)
    world.store.keep(someEntry(writer, 'not-yet', START), later + 1)
    for (const id of ['not-yet', 'nobody', 'batch~1']) {
      // oxlint-disable-next-line no-await-in-loop -- one by one
      const response = await get(`/proof/${id}`)
      expect(response.status).toBe(404)
      // oxlint-disable-next-line no-await-in-loop
      expect(await response.text()).toBe('not sealed, or not yet\n')
    }
  })

  test.each(['/proof/%2e%2e', '/proof/a%2fb', '/proof/A', `/proof/${'a'.repeat(201)}`])(
    'is not looked for where %s cannot be an id',
    async (path) => {
      const response = await get(path)
      expect([400, 404]).toContain(response.status)
      expect(asked).toEqual([])
    },
  )
})
