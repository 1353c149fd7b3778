import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, expect, test } from 'vitest'

import { gatewayKeys } from '../../../shared/adapters/key-file/gateway-keys.ts'
import { runSluice as sluice } from '../../support/run-sluice.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-keys-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The key that signs, and those that once did. */
const idsOf = async (text: string) => {
  const { signing, retired } = await gatewayKeys(text)
  return [signing.kid, ...retired.map(({ kid }) => kid)]
}

test('a new key is one that the gateway takes, and another each time', async () => {
  const [one, other] = [await sluice('keys', 'new'), await sluice('keys', 'new')]
  expect([one.code, one.err]).toEqual([0, ''])
  expect(one.out).toMatch(/^\{"keys":\[\{.*\}\]\}\n$/)
  expect(await idsOf(one.out)).toHaveLength(1)
  expect(await idsOf(one.out)).not.toEqual(await idsOf(other.out))
})

test('before the keys in use, it signs, and what they signed holds', async () => {
  const inUse = join(folder, 'in-use.json')
  const first = (await sluice('keys', 'new')).out
  writeFileSync(inUse, first)
  const second = (await sluice('keys', 'new', '--before', inUse)).out
  writeFileSync(inUse, second)
  const third = (await sluice('keys', 'new', '--before', inUse)).out
  const ids = await idsOf(third)
  expect(ids).toHaveLength(3)
  expect(ids.slice(1)).toEqual(await idsOf(second))
  expect(ids.slice(2)).toEqual(await idsOf(first))
  // The mask TOKEN makes the same of a value as before.
  expect((await gatewayKeys(third)).masking).toEqual((await gatewayKeys(first)).masking)
})

test('before a key that is no set', async () => {
  const { keys } = JSON.parse((await sluice('keys', 'new')).out)
  const single = join(folder, 'single.json')
  writeFileSync(single, JSON.stringify(keys[0]))
  const both = (await sluice('keys', 'new', '--before', single)).out
  expect((await idsOf(both)).slice(1)).toEqual(await idsOf(JSON.stringify(keys[0])))
})

test('a file is for nobody else, and stays what it is when it is there', async () => {
  const out = join(folder, 'new.json')
  expect(await sluice('keys', 'new', '--out', out)).toEqual({ code: 0, out: '', err: '' })
  expect(statSync(out).mode & 0o777).toBe(0o600)
  const written = readFileSync(out, 'utf8')
  const again = await sluice('keys', 'new', '--out', out)
  expect(again.code).toBe(1)
  expect(again.err).toContain('EEXIST')
  expect(readFileSync(out, 'utf8')).toBe(written)
})

test('a terminal shows no key', async () => {
  const before = Object.getOwnPropertyDescriptor(process.stdout, 'isTTY')
  Object.defineProperty(process.stdout, 'isTTY', { value: true, configurable: true })
  try {
    const { code, out, err } = await sluice('keys', 'new')
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain('who sees this key can be anybody')
  } finally {
    if (before === undefined) Reflect.deleteProperty(process.stdout, 'isTTY')
    else Object.defineProperty(process.stdout, 'isTTY', before)
  }
})

test.each([
  ['no JSON, but hunter2', 'the signing key is no JSON'],
  ['{"keys":[{"kty":"EC","crv":"P-256","x":"hunter2"}]}', 'no private JWK'],
])('before %s, one is not made, and nothing of it is said', async (text, problem) => {
  const file = join(folder, 'wrong.json')
  writeFileSync(file, text)
  const { code, out, err } = await sluice('keys', 'new', '--before', file)
  expect([code, out]).toEqual([1, ''])
  expect(err).toContain(problem)
  expect(err).not.toContain('hunter2')
})
