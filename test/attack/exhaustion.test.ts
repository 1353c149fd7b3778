import { afterAll, beforeAll, expect, test } from 'vitest'

import { cpuClock } from '../support/cpu-clock.ts'
import { errorOf } from '../support/error-of.ts'
import { JOBS, QUERIES, SELECT, type World, world } from '../support/world.ts'

let gateway: World
beforeAll(async () => {
  gateway = await world()
})
afterAll(() => gateway.close())

const json = { 'content-type': 'application/json' }
const form = {
  'content-type': 'application/x-www-form-urlencoded',
  'x-http-method-override': 'GET',
}

/** A refusal that took little time and reached nobody. */
async function refused(path: string, headers: Record<string, string>, body: string) {
  const cpuMs = cpuClock()
  const response = await gateway.request(path, { as: 'ana', method: 'POST', headers, body })
  const error = await errorOf(response)
  expect(cpuMs()).toBeLessThan(3_000)
  expect(gateway.upstream.requests).toEqual([])
  return error
}

/** Items until there are nine million characters of them. */
const fill = (item: (index: number) => string, characters = 9_000_000): string => {
  const { length } = item(100_000)
  return Array.from({ length: Math.floor(characters / (length + 1)) }, (_, i) => item(i)).join()
}

const query = (rest: string) => `{"query":"${SELECT}",${rest}}`
const parameter = (value: string) =>
  query(`"queryParameters":[{"parameterType":{"type":"X"},"parameterValue":${value}}]`)

test.each([
  ['bad labels', query(`"labels":{${fill((i) => `"A${i}":1`)}}`)],
  ['unknown fields', query(fill((i) => `"A${i}":1`))],
  ['connection properties', query(`"connectionProperties":[${fill(() => '1')}]`)],
  ['parameters', query(`"queryParameters":[${fill(() => '1')}]`)],
  ['elements of a parameter', parameter(`{"arrayValues":[${fill(() => '{"value":[]}')}]}`)],
  ['fields of a parameter', parameter(`{"structValues":{${fill((i) => `"A${i}":1`)}}}`)],
  ['lists', `[${fill(() => '[]')}]`],
])('nine megabytes of %s are not validated one by one', async (_what, body) => {
  const { code, reason, message } = await refused(QUERIES, json, body)
  expect({ code, reason }).toEqual({ code: 400, reason: 'invalid' })
  expect(message).toMatch(/more than (10000 members|200000 values)/)
})

test.each([
  ['labels', query(`"labels":{${fill((i) => `"A${i}":1`, 90_000)}}`), 'at most 32 labels'],
  [
    'connection properties',
    query(`"connectionProperties":[${fill(() => '1', 390_000)}]`),
    '`connectionProperties.0`: Sluice does not offer connection properties',
  ],
  ['parameters', query(`"queryParameters":[${fill(() => '1', 390_000)}]`), '`queryParameters`'],
  [
    'elements of a parameter',
    parameter(`{"arrayValues":[${fill(() => '1', 390_000)}]}`),
    '`queryParameters.0.parameterValue.arrayValues.0`',
  ],
])('as many bad %s as fit are one problem', async (_what, body, words) => {
  const { code, message } = await refused(QUERIES, json, body)
  expect(code).toBe(400)
  expect(message).toContain(words)
})

test('the form of a long GET may be as long as a long URL, and no longer', async () => {
  const body = `stateFilter=${'x'.repeat(64 * 1024)}`
  expect(await refused(JOBS, form, body)).toMatchObject({ code: 413, reason: 'invalid' })
})

test('a parameter that is repeated took time by the square of its number', async () => {
  const body = Array.from({ length: 3_000 }, () => 'stateFilter=done').join('&')
  const { code, message } = await refused(JOBS, form, body)
  expect(code).toBe(400)
  expect(message).toContain('more than 1000 parameters')
})

test('a field selection is read in one pass', async () => {
  const body = `fields=${Array.from({ length: 6_000 }, (_, i) => `a(b${i})`).join()}`
  const { code, message } = await refused(JOBS, form, body)
  expect(code).toBe(400)
  expect(message).toContain('invalid field selection')
})
