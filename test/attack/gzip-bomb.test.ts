import { request as httpRequest } from 'node:http'
import { createGzip } from 'node:zlib'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { type RunningFunction, runFunction } from '../support/running-function.ts'
import { QUERIES } from '../support/world.ts'

const MB = 1024 * 1024
const BOMB_MB = 200
/** What inflating one of them would take, and several times what the limit of 10 MB allows for. */
const FLAT = 128 * MB

let gateway: RunningFunction
let bomb: Buffer
beforeAll(async () => {
  const [running, bytes] = await Promise.all([runFunction(), makeBomb()])
  gateway = running
  bomb = bytes
  await gateway.ready()
  // Warm: what it takes to serve at all is not what is measured.
  for (let i = 0; i < 5; i++) await send(Buffer.from('{}'), {}, true)
})
afterAll(() => gateway.stop())

/** 200 MB of zeros, in some 200 kB. */
async function makeBomb(): Promise<Buffer> {
  const gzip = createGzip()
  const one = Buffer.alloc(MB)
  void (async () => {
    for (let i = 0; i < BOMB_MB; i++)
      if (!gzip.write(one)) await new Promise((resolve) => gzip.once('drain', resolve))
    gzip.end()
  })()
  return Buffer.concat(await gzip.toArray())
}

/** Sends a body, piece by piece if it has pieces, and resolves with the status. */
async function send(
  body: Buffer | Iterable<Buffer>,
  headers: Readonly<Record<string, string>>,
  known: boolean,
): Promise<number> {
  const bearer = known ? { authorization: `Bearer ${await gateway.token('ana')}` } : {}
  const whole = Buffer.isBuffer(body) ? { 'content-length': String(body.length) } : {}
  return new Promise((resolve) => {
    const sent = httpRequest(`${gateway.url}${QUERIES}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...whole, ...headers, ...bearer },
    })
    sent.on('response', (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    // Refused and hung up on before all of it was sent.
    sent.on('error', () => resolve(0))
    if (Buffer.isBuffer(body)) sent.end(body)
    else {
      const pieces = body[Symbol.iterator]()
      const more = (): void => {
        for (;;) {
          const piece = pieces.next()
          if (piece.done === true) return void sent.end()
          if (sent.destroyed) return
          if (!sent.write(piece.value)) return void sent.once('drain', more)
        }
      }
      more()
    }
  })
}

function* zeros(megabytes: number): Generator<Buffer> {
  const one = Buffer.alloc(MB)
  for (let i = 0; i < megabytes; i++) yield one
}

/** How much more memory it took at its peak while `body` ran. */
async function growth(body: () => Promise<unknown>): Promise<number> {
  const before = gateway.peakMemory()
  await body()
  const after = gateway.peakMemory()
  return before === undefined || after === undefined ? 0 : after - before
}

const gzip = { 'content-encoding': 'gzip' }

test.each([
  ['nobody', false, 401],
  ['a known caller', true, 413],
])('200 MB as gzip, from %s: memory stays flat', async (_who, known, status) => {
  expect(bomb.length).toBeLessThan(MB)
  const statuses: number[] = []
  const grown = await growth(async () => {
    for (let i = 0; i < 3; i++)
      statuses.push(...(await Promise.all([1, 2].map(() => send(bomb, gzip, known)))))
  })
  expect(new Set(statuses)).toEqual(new Set([status]))
  expect(grown).toBeLessThan(FLAT)
})

test.each([
  ['nobody', false, [401, 0]],
  ['a known caller', true, [413, 0]],
])('200 MB in chunks, from %s: memory stays flat', async (_who, known, statuses) => {
  const grown = await growth(async () => {
    expect(statuses).toContain(await send(zeros(BOMB_MB), {}, known))
  })
  expect(grown).toBeLessThan(FLAT)
})

test.each([
  ['nobody', false, 401],
  ['a known caller', true, 413],
])('200 MB announced, from %s: not a byte of it is waited for', async (_who, known, status) => {
  const announced = { 'content-length': String(BOMB_MB * MB) }
  expect([status, 0]).toContain(await send([Buffer.from('{')], announced, known))
})

test('afterwards it serves as before, and BigQuery has heard nothing', async () => {
  expect((await gateway.request('/readyz')).status).toBe(200)
  expect(await send(Buffer.from('{"query":"SELECT 1"}'), {}, true)).toBe(200)
  expect(gateway.upstream.requests).toHaveLength(1)
})
