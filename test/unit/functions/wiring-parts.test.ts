import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'

import { describe, expect, test } from 'vitest'

import { holdWithin } from '../../../functions/hold-within.ts'
import { sourceAddress } from '../../../functions/source-address.ts'
import { storeReachable } from '../../../functions/store-reachable.ts'

describe('requests were held for longer than the platform lets them', () => {
  test.each([
    [3600, { usualMs: 45_000, javaMs: 15_000, longestMs: 3_570_000 }],
    [60, { usualMs: 30_000, javaMs: 15_000, longestMs: 30_000 }],
    [40, { usualMs: 10_000, javaMs: 10_000, longestMs: 10_000 }],
    [30, { usualMs: 1_000, javaMs: 1_000, longestMs: 1_000 }],
    [0, { usualMs: 1_000, javaMs: 1_000, longestMs: 1_000 }],
  ])('%i s', (seconds, limits) => {
    expect(holdWithin(seconds)).toEqual(limits)
  })
})

describe('the store was asked for everybody who asked whether the gateway is ready', () => {
  test('once a second, whatever it says', async () => {
    const time = { now: 0 }
    const asked: number[] = []
    let up = true
    const reachable = storeReachable(
      {
        get: () => {
          asked.push(time.now)
          return up ? Promise.resolve(undefined) : Promise.reject(new Error('down'))
        },
      },
      () => time.now,
    )
    const ask = async (now: number): Promise<boolean> => {
      time.now = now
      const [one, other] = await Promise.all([reachable(), reachable()])
      expect(one).toBe(other)
      return one
    }
    expect(await ask(0)).toBe(true)
    up = false
    expect(await ask(999)).toBe(true)
    expect(await ask(1000)).toBe(false)
    up = true
    expect(await ask(1999)).toBe(false)
    expect(await ask(2000)).toBe(true)
    expect(asked).toEqual([0, 1000, 2000])
  })
})

describe('the address of a caller', () => {
  const incoming = new IncomingMessage(new Socket())
  test.each([
    ['the socket’s, whatever the header says', { incoming }, '6.6.6.6', 0, undefined],
    ['none without a socket', {}, '6.6.6.6', 0, undefined],
    ['what our proxy saw', { incoming }, '6.6.6.6, 192.0.2.1', 1, '192.0.2.1'],
    ['what the first of two saw', { incoming }, '6.6.6.6, 192.0.2.1, 10.0.0.1', 2, '192.0.2.1'],
    ['none when a proxy is missing', { incoming }, '6.6.6.6', 2, undefined],
    ['none without the header', { incoming }, undefined, 1, undefined],
  ])('%s', (_what, env, forwardedFor, hops, address) => {
    expect(sourceAddress(env, forwardedFor, hops)).toBe(address)
  })
})
