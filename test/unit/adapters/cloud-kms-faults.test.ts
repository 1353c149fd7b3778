import { type KeyObject, generateKeyPairSync } from 'node:crypto'

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

import type { GoogleCallOptions } from '../../../shared/adapters/google-call.ts'
import { type KmsCall, kmsCall } from '../../../shared/adapters/kms/kms-call.ts'
import { kmsMac } from '../../../shared/adapters/kms/kms-mac.ts'
import { kmsSigner } from '../../../shared/adapters/kms/kms-signer.ts'
import { kmsWrapKey } from '../../../shared/adapters/kms/kms-wrap-key.ts'
import { crc32c } from '../../../shared/adapters/secret-manager/crc32c.ts'
import { Redacted } from '../../../shared/adapters/secret-manager/redacted.ts'
import {
  KEY_RING,
  KMS_TOKEN,
  type StubCloudKms,
  startStubCloudKms,
} from '../../support/stub-cloud-kms.ts'
import {
  closeMidBody,
  gzipBomb,
  hang,
  htmlReply,
  notHttp,
  redirect,
  resetAfterHeaders,
  resetBeforeHeaders,
  slowLoris,
} from '../../support/stub-faults.ts'
import { bytesReply, errorReply } from '../../support/stub-replies.ts'
import { type Respond, startStubUpstream } from '../../support/stub-upstream.ts'

const SECRET = Buffer.from('canary: the secret of a session.')
const keyOf = (name: string) => `${KEY_RING}/cryptoKeys/${name}`

let kms: StubCloudKms
beforeAll(async () => {
  kms = await startStubCloudKms()
})
afterEach(() => {
  kms.fail()
  kms.change = (answer) => answer
})
afterAll(() => kms.close())

const callWith = (change: Partial<GoogleCallOptions> = {}) =>
  kmsCall({
    ownIdentity: () => Promise.resolve(new Redacted(KMS_TOKEN)),
    baseUrl: kms.url,
    timeoutMs: 3000,
    pausesMs: [1, 1],
    ...change,
  })

const SIGNER = `${keyOf('log-ed25519')}/cryptoKeyVersions/1`

/** Everything that Cloud KMS is asked for; `fault` begins once what it needs is there. */
const uses: Readonly<Record<string, (fault: () => void, call?: KmsCall) => Promise<unknown>>> = {
  'a public key': (fault, call = callWith()) => {
    fault()
    return kmsSigner(call, SIGNER, 'EC_SIGN_ED25519')
  },
  'a signature': async (fault, call = callWith()) => {
    const { sign } = await kmsSigner(call, SIGNER, 'EC_SIGN_ED25519')
    fault()
    return sign(SECRET)
  },
  'a MAC': (fault, call = callWith()) => {
    fault()
    return kmsMac(call, `${keyOf('digest')}/cryptoKeyVersions/1`, 'label')
  },
  'what is wrapped': (fault, call = callWith()) => {
    fault()
    return kmsWrapKey(call, keyOf('session-secrets')).wrap(SECRET, 'a')
  },
  'what is unwrapped': async (fault, call = callWith()) => {
    const { wrap, unwrap } = kmsWrapKey(call, keyOf('session-secrets'))
    const wrapped = await wrap(SECRET, 'a')
    fault()
    return unwrap(wrapped, 'a')
  },
}

/** Throws back what it heard: the token, and what was to be sealed. */
const echo =
  (status: number, reason: string): Respond =>
  (request, response) => {
    const heard = `${request.headers.authorization} ${request.body.toString()}`
    return errorReply(status, reason, heard, heard)(request, response)
  }

interface Fault {
  readonly what: string
  readonly respond: Respond
  readonly words: string
  /** How often it is asked. */
  readonly asked: number
  /** Of one try, where waiting is the fault. */
  readonly timeoutMs?: number
}
const refusal = (status: number, words: string): Fault => ({
  what: String(status),
  respond: echo(status, 'anything'),
  words,
  asked: 1,
})
const passing = (what: string, respond: Respond, words: string): Fault => ({
  what,
  respond,
  words,
  asked: 3,
})

const faults: readonly Fault[] = [
  refusal(400, 'its version is not enabled'),
  refusal(401, 'status `401`'),
  refusal(403, 'this account may not use it'),
  refusal(404, 'there is no such key'),
  refusal(409, 'status `409`'),
  refusal(412, 'status `412`'),
  ...[408, 429, 500, 502, 503, 504].map((status) =>
    passing(String(status), echo(status, 'backendError'), `is busy: status \`${status}\``),
  ),
  passing('a reset', resetBeforeHeaders, 'no answer'),
  passing('a reset after the headers', resetAfterHeaders, 'no answer'),
  passing('half an answer', closeMidBody, 'no answer'),
  passing('no HTTP', notHttp, 'no answer'),
  { ...passing('silence', hang, 'no answer in time'), timeoutMs: 100 },
  { ...passing('one byte at a time', slowLoris(10), 'no answer in time'), timeoutMs: 100 },
  passing('too much', bytesReply(200, Buffer.alloc(1_048_577, ' ')), 'more than 1048576 bytes'),
  passing('too much, deflated', gzipBomb(2_000_000), 'more than 1048576 bytes'),
  { what: 'a web page', respond: htmlReply(200), words: 'something else', asked: 1 },
  {
    what: 'half a JSON',
    respond: bytesReply(200, Buffer.from('{"name":')),
    words: 'something else',
    asked: 1,
  },
  {
    what: 'JSON of nothing',
    respond: bytesReply(200, Buffer.from('{}')),
    words: 'something else',
    asked: 1,
  },
]

describe.each(Object.entries(uses))('%s', (_use, use) => {
  test.each(faults)('$what: nothing is used, and it is said why', async (fault) => {
    const { timeoutMs = 3000 } = fault
    const begin = () => {
      kms.fail(fault.respond)
      kms.requests.length = 0
    }
    const cause = await use(begin, callWith({ timeoutMs })).catch((thrown: unknown) => thrown)
    expect(cause).toBeInstanceOf(Error)
    expect(String(cause)).toContain(fault.words)
    expect(kms.requests).toHaveLength(fault.asked)
    const said = JSON.stringify([String(cause), Object(cause)])
    for (const secret of [KMS_TOKEN, SECRET.toString(), SECRET.toString('base64')])
      expect(said).not.toContain(secret)
  })

  test('is had after a bad moment', async () => {
    let isOver = false
    await use(() => {
      kms.fail((request, response) => {
        if (isOver) kms.fail()
        isOver = true
        return resetBeforeHeaders(request, response)
      })
    })
    expect(isOver).toBe(true)
  })

  test('is not looked for where a redirect leads', async () => {
    const elsewhere = await startStubUpstream()
    await expect(use(() => kms.fail(redirect(elsewhere.url.href, 307)))).rejects.toThrow(
      'status `307`',
    )
    expect(elsewhere.requests).toEqual([])
    await elsewhere.close()
  })
})

test('checksums that are left out are wrong ones', async () => {
  for (const member of ['pemCrc32c', 'signatureCrc32c', 'macCrc32c', 'plaintextCrc32c']) {
    kms.change = (answer) =>
      Object.fromEntries(Object.entries(answer).filter(([name]) => name !== member))
    // oxlint-disable-next-line no-await-in-loop -- one fault after the other
    const causes = await Promise.all(
      Object.values(uses).map((use) => use(() => {}).catch((cause: unknown) => String(cause))),
    )
    expect(causes.filter((cause) => String(cause).includes('something else'))).not.toEqual([])
  }
})

test.each([
  ['no PEM', 'no key'],
  ['a key of another kind', publicKeyOf(generateKeyPairSync('rsa', { modulusLength: 2048 }))],
  ['a key on another curve', publicKeyOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }))],
])('%s, under the right checksum, is no public key', async (_what, pem) => {
  const pemCrc32c = String(crc32c(Buffer.from(pem)))
  kms.change = (answer) => ('pem' in answer ? { ...answer, pem, pemCrc32c } : answer)
  for (const [name, algorithm] of [
    ['log-ed25519', 'EC_SIGN_ED25519'],
    ['log-p256', 'EC_SIGN_P256_SHA256'],
  ] as const) {
    const version = `${keyOf(name)}/cryptoKeyVersions/1`
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await expect(kmsSigner(callWith(), version, algorithm)).rejects.toThrow(
      `\`${version}\` is no key of algorithm \`${algorithm}\``,
    )
  }
})

test('a MAC of another length is none', async () => {
  const mac = Buffer.alloc(20)
  kms.change = (answer) =>
    'mac' in answer
      ? { ...answer, mac: mac.toString('base64'), macCrc32c: String(crc32c(mac)) }
      : answer
  await expect(uses['a MAC']?.(() => {})).rejects.toThrow('no key of algorithm `HMAC_SHA256`')
})

const ownIdentity = () => Promise.reject(new Error('no credential'))

test('nobody hears without a credential, nor over plain HTTP elsewhere', async () => {
  kms.requests.length = 0
  const version = `${keyOf('digest')}/cryptoKeyVersions/1`
  await expect(kmsMac(callWith({ ownIdentity }), version, 'x')).rejects.toThrow('no credential')
  const baseUrl = new URL('http://cloudkms.example')
  await expect(kmsMac(callWith({ baseUrl }), version, 'x')).rejects.toThrow('neither https')
  expect(kms.requests).toEqual([])
})

function publicKeyOf({ publicKey }: { readonly publicKey: KeyObject }): string {
  return publicKey.export({ format: 'pem', type: 'spki' }).toString()
}
