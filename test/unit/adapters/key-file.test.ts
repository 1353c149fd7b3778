import { generateKeyPairSync } from 'node:crypto'
import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { compactVerify, importJWK } from 'jose'
import { afterAll, describe, expect, test } from 'vitest'

import { gatewayKeys } from '../../../shared/adapters/key-file/gateway-keys.ts'
import { keyFile } from '../../../shared/adapters/key-file/key-file.ts'
import type { SigningKey } from '../../../shared/identity/signing-key.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-keys-'))
afterAll(() => rmSync(folder, { recursive: true }))

const p256 = (): object =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })
const ed25519 = (): object => generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })

async function signs(key: SigningKey): Promise<void> {
  const head = Buffer.from(JSON.stringify({ alg: key.algorithm })).toString('base64url')
  const signed = `${head}.${Buffer.from('hello').toString('base64url')}`
  const signature = Buffer.from(await key.sign(Buffer.from(signed))).toString('base64url')
  const verified = await compactVerify(
    `${signed}.${signature}`,
    await importJWK(key.publicJwk, key.algorithm),
  )
  expect(Buffer.from(verified.payload).toString()).toBe('hello')
}

test('the file is made on the first start, for us alone, and read on the next', async () => {
  const path = join(folder, 'first.json')
  const [first, second] = await Promise.all([keyFile(path), keyFile(path)])
  expect(second.signing.kid).toBe(first.signing.kid)
  expect(second.sealing).toEqual(first.sealing)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder)).toEqual(['first.json'])
  await signs(first.signing)
})

test('a file that others may read is refused', async () => {
  const path = join(folder, 'open.json')
  await keyFile(path)
  chmodSync(path, 0o640)
  await expect(keyFile(path)).rejects.toThrow('chmod 600')
})

test('a new key in front signs and seals; the old one still verifies and opens', async () => {
  const path = join(folder, 'rotated.json')
  const before = await keyFile(path)
  const { keys } = JSON.parse(readFileSync(path, 'utf8')) as { keys: object[] }
  writeFileSync(path, JSON.stringify({ keys: [p256(), ...keys] }))
  const after = await keyFile(path)
  expect(after.signing.kid).not.toBe(before.signing.kid)
  expect(after.retired).toEqual([
    { ...before.signing.publicJwk, kid: before.signing.kid, alg: 'ES256' },
  ])
  expect(after.sealing).toHaveLength(2)
  expect(after.sealing[1]).toEqual(before.sealing[0])
})

describe('text of Secret Manager', () => {
  test.each([
    ['EC P-256', p256(), 'ES256'],
    ['Ed25519', ed25519(), 'EdDSA'],
    ['a set', { keys: [ed25519(), p256()] }, 'EdDSA'],
  ])('%s', async (_what, jwk, algorithm) => {
    const keys = await gatewayKeys(JSON.stringify(jwk))
    expect(keys.signing.algorithm).toBe(algorithm)
    expect(JSON.stringify([keys.signing, keys.retired])).not.toContain('"d"')
    await signs(keys.signing)
  })

  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  test.each([
    ['no JSON', 'secret-canary'],
    ['a string', '"secret-canary"'],
    ['a public key', JSON.stringify({ ...p256(), d: undefined })],
    ['another curve', JSON.stringify(p384.privateKey.export({ format: 'jwk' }))],
    ['an empty set', '{"keys":[]}'],
    ['a broken key', JSON.stringify({ ...p256(), d: 'secret-canary' })],
  ])('%s is refused, without a word of it', async (_what, text) => {
    const problem = await gatewayKeys(text).then(
      () => undefined,
      (cause: unknown) => String(cause),
    )
    expect(problem).toBeDefined()
    expect(problem).not.toContain('canary')
  })
})
