import { afterAll, expect, test } from 'vitest'

import { policyProblems } from '../../../shared/console/views/policy-view.ts'
import { parsePolicy } from '../../../shared/policy/parse-policy.ts'
import { auditApiWorld } from '../../support/audit-api-world.ts'
import { errorOf } from '../../support/error-of.ts'

const world = await auditApiWorld()
afterAll(() => world.store.close())

const post = (path: string, body: object, as: 'otto' | 'carla' | 'ana' = 'otto') =>
  world.send(path, { as }, { method: 'POST', body: JSON.stringify(body) })

const span = { from: '2025-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }

/** Far less than the seconds that each of them took, and far more than they take. */
const AT_ONCE_MS = 1_500

const within = async (ms: number, work: () => Promise<Response>): Promise<Response> => {
  const before = performance.now()
  const response = await work()
  expect(performance.now() - before).toBeLessThan(ms)
  return response
}

const LARGEST = 256 * 1024
const repeated = (text: string) => text.repeat(Math.floor(LARGEST / text.length))

const HOSTILE: readonly (readonly [string, string])[] = [
  ['brackets', repeated('[')],
  ['maps in maps', repeated('{a: ')],
  ['lists in lists', repeated('- ')],
  ['keys in keys', repeated('? ')],
  [
    'aliases that double nine times nine times …',
    'bcdefghij'
      .split('')
      .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[at]}`).join(', ')}]`)
      .reduce((text, line) => `${text}\n${line}`, `a: &a [${Array(9).fill('x').join(', ')}]`),
  ],
  ['a quote that nobody closes', `"${'\\u0041'.repeat(40_000)}`],
]

test.each(HOSTILE)('a candidate of %s is refused at once', async (_, policy) => {
  const checked = await within(AT_ONCE_MS, () => post('/v1/policy/check', { policy }))
  expect(policyProblems.parse(await checked.json()).problems.length).toBeGreaterThan(0)
  const tried = await within(AT_ONCE_MS, () => post('/v1/what-if', { ...span, policy }))
  expect(await errorOf(tried)).toMatchObject({ code: 400, reason: 'invalid' })
})

test('a megabyte of brackets, as a policy file, is refused before it is read to its end', () => {
  const before = performance.now()
  const parsed = parsePolicy('['.repeat(1024 * 1024))
  expect(parsed).toMatchObject({ ok: false, error: [{ message: 'the file nests too deep' }] })
  expect(performance.now() - before).toBeLessThan(AT_ONCE_MS)
})

test('a candidate of a megabyte is not read at all', async () => {
  for (const [path, rest] of [
    ['/v1/policy/check', {}],
    ['/v1/what-if', span],
  ] as const) {
    const policy = `version: 1\n${'# \n'.repeat(350_000)}`
    const refused = await within(AT_ONCE_MS, () => post(path, { ...rest, policy }))
    expect(await errorOf(refused)).toMatchObject({ code: 400 })
    const body = { ...rest, policy: 'x'.repeat(3 * 1024 * 1024) }
    expect((await post(path, body)).status).toBe(413)
  }
})

test('of a thousand mistakes a hundred are told, and nobody is sent megabytes', async () => {
  const policy = `rules:\n${'  - *a\n'.repeat(1_000)}`
  const text = await (await post('/v1/policy/check', { policy })).text()
  expect(policyProblems.parse(JSON.parse(text)).problems).toHaveLength(100)
  expect(text.length).toBeLessThan(20_000)
})

test.each([
  ['loops in loops', '[1].all(a, [1].all(b, [1].all(c, true)))'],
  ['loops over long lists', `[${Array(600).fill('1').join(', ')}].all(a, true)`],
  ['a regular expression', '"aaaaaaaaaaaaaaaaaaaaaaaaaaaa!".matches("^(a+)+$")'],
  ['a long condition', Array(1_000).fill('true').join(' && ')],
])('a condition that would run long is no condition: %s', async (_, when) => {
  const policy = `${world.policy.text}  - id: long\n    description: Long.\n    effect: permit\n    when: '${when}'\n`
  const refused = await within(AT_ONCE_MS, () => post('/v1/what-if', { ...span, policy }))
  expect(await errorOf(refused)).toMatchObject({ code: 400 })
})

test('whoever may not try policies is refused before theirs is read', async () => {
  const reply = await within(AT_ONCE_MS, () =>
    post('/v1/what-if', { ...span, policy: repeated('[') }, 'ana'),
  )
  expect(await errorOf(reply)).toMatchObject({ code: 403, reason: 'accessDenied' })
  expect((await world.recorded()).at(-1)).toBe('no-policy-reader')
})
