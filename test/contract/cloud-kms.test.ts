import { verify } from 'node:crypto'

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

import { kmsCall } from '../../shared/adapters/kms/kms-call.ts'
import { kmsRecordKeys } from '../../shared/adapters/kms/kms-record-keys.ts'
import { kmsRecordTrust } from '../../shared/adapters/kms/kms-record-trust.ts'
import { Redacted } from '../../shared/adapters/secret-manager/redacted.ts'
import {
  KEY_RING,
  KMS_TOKEN,
  type StubCloudKms,
  startStubCloudKms,
} from '../support/stub-cloud-kms.ts'
import { bytesReply, errorReply } from '../support/stub-replies.ts'

const ORIGIN = 'sluice.acme.example/log'
const message = Buffer.from('sluice.acme.example/log\n12\nroot\n')

let kms: StubCloudKms
beforeAll(async () => {
  kms = await startStubCloudKms()
})
afterEach(() => {
  kms.fail()
  kms.change = (answer) => answer
})
afterAll(() => kms.close())

const keysAs = (token: string) =>
  kmsRecordKeys(
    kmsCall({
      ownIdentity: () => Promise.resolve(new Redacted(token)),
      baseUrl: kms.url,
      pausesMs: [1, 1],
    }),
    KEY_RING,
    ORIGIN,
  )
const keys = () => keysAs(KMS_TOKEN)

test('checkpoints are signed by both keys, under the name of the log', async () => {
  const { ed25519, p256 } = await (await keys()).log()
  expect([ed25519.key.name, p256.key.name]).toEqual([ORIGIN, ORIGIN])
  expect(verify(undefined, message, ed25519.key.publicKey, await ed25519.sign(message))).toBe(true)
  expect(verify('sha256', message, p256.key.publicKey, await p256.sign(message))).toBe(true)
})

test('whoever verifies gets the keys that count, and only public ones are asked for', async () => {
  kms.requests.length = 0
  const call = kmsCall({
    ownIdentity: () => Promise.resolve(new Redacted(KMS_TOKEN)),
    baseUrl: kms.url,
    pausesMs: [1, 1],
  })
  const trust = await kmsRecordTrust(call, KEY_RING, ORIGIN)
  expect(kms.requests.every(({ path }) => path.endsWith('/publicKey'))).toBe(true)
  const { log, authority } = await keys()
  const { ed25519, p256 } = await log()
  expect(trust.signers.ed25519.key.publicKey.equals(ed25519.key.publicKey)).toBe(true)
  expect(trust.signers.p256.key.publicKey.equals(p256.key.publicKey)).toBe(true)
  expect(trust.authorities).toEqual([authority.publicKey])
})

test('writers are certified, and whoever only writes never asks for the keys of the log', async () => {
  kms.requests.length = 0
  const { authority } = await keys()
  const signature = await authority.sign(message)
  const publicKey = { key: authority.publicKey, format: 'der', type: 'spki' } as const
  expect(verify('sha256', message, publicKey, signature)).toBe(true)
  expect(kms.requests.filter(({ path }) => path.includes('/log-'))).toEqual([])
})

test('what is wrapped under one name opens under no other', async () => {
  const { wrapKey } = await keys()
  const secret = Buffer.from('0123456789abcdef0123456789abcdef')
  const wrapped = await wrapKey.wrap(secret, 'session~a')
  expect(Buffer.from(wrapped).includes(secret)).toBe(false)
  expect(await wrapKey.unwrap(wrapped, 'session~a')).toEqual(secret)
  await expect(wrapKey.unwrap(wrapped, 'session~b')).rejects.toThrow('cloud kms refuses')
})

test('the key of digests is the same every time, and another one for another log', async () => {
  const { digest } = await keys()
  expect(digest).toHaveLength(32)
  expect((await keys()).digest).toEqual(digest)
})

const useAll = async (token = KMS_TOKEN) => {
  const { authority, wrapKey, log } = await keysAs(token)
  await authority.sign(message)
  await (await log()).ed25519.sign(message)
  await wrapKey.unwrap(await wrapKey.wrap(message, 'x'), 'x')
}

test.each([
  ['a public key', 'pemCrc32c', '1'],
  ['a signature', 'signatureCrc32c', '1'],
  ['what is to be signed', 'verifiedDigestCrc32c', false],
  ['what is to be signed by Ed25519', 'verifiedDataCrc32c', undefined],
  ['a ciphertext', 'ciphertextCrc32c', '1'],
  ['what is to be wrapped', 'verifiedPlaintextCrc32c', false],
  ['a name', 'verifiedAdditionalAuthenticatedDataCrc32c', undefined],
  ['a plaintext', 'plaintextCrc32c', '1'],
  ['a MAC', 'macCrc32c', '1'],
])('%s that was changed on the way is not used', async (_what, member, value) => {
  kms.change = (answer) => (Object.hasOwn(answer, member) ? { ...answer, [member]: value } : answer)
  await expect(useAll()).rejects.toThrow('changed on the way')
})

test.each([
  ['a key of another algorithm', { algorithm: 'RSA_SIGN_PSS_2048_SHA256' }, 'no key of algorithm'],
  ['another version', { name: `${KEY_RING}/cryptoKeys/evil/cryptoKeyVersions/1` }, 'another key'],
  ['something else', { pem: 1 }, 'something else'],
])('%s is refused', async (_what, changed, words) => {
  kms.change = (answer) => ('pem' in answer ? { ...answer, ...changed } : answer)
  await expect(useAll()).rejects.toThrow(words)
})

test('whoever may not use the keys hears so, without words of others', async () => {
  await expect(useAll('ya29.other')).rejects.toThrow(
    /^cloud kms refuses `projects\/acme\/.*: status `401`$/,
  )
  kms.fail(errorReply(403, 'forbidden', 'canary ya29.secret', 'PERMISSION_DENIED'))
  const refused = await useAll().catch((cause: unknown) => String(cause))
  expect(refused).toContain('this account may not use it')
  expect(refused).not.toContain('canary')
})

test.each([429, 500, 503])('it is asked again while it is busy: %s', async (status) => {
  let times = 0
  const { authority } = await keys()
  kms.fail((request, response) => {
    times += 1
    if (times === 2) kms.fail()
    return errorReply(status, 'backendError', 'later')(request, response)
  })
  await authority.sign(message)
  expect(times).toBe(2)
})

test('it is given up on in the end', async () => {
  kms.fail(errorReply(503, 'backendError', 'later'))
  await expect(useAll()).rejects.toThrow('cloud kms is busy: status `503`')
})

test('an answer that is no JSON is none', async () => {
  kms.fail(bytesReply(200, Buffer.from('<html>canary</html>')))
  await expect(useAll()).rejects.toThrow(/^cloud kms answers something else: `projects/)
})
