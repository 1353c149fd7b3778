import {
  type KeyObject,
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
} from 'node:crypto'

import { z } from 'zod'

import { crc32c } from '../../shared/adapters/secret-manager/crc32c.ts'
import { cloudKmsMethods } from './documented-methods.ts'
import { notDocumented } from './documented-requests.ts'
import { signDigest } from './sign-digest.ts'
import { errorReply, jsonReply } from './stub-replies.ts'
import { type Respond, type StubRequest, startStubUpstream } from './stub-upstream.ts'

export const KEY_RING = 'projects/acme/locations/europe-west3/keyRings/sluice'

/** Who may use the keys. */
export const KMS_TOKEN = 'ya29.kms-canary'

export interface StubCloudKms {
  readonly url: URL
  readonly requests: StubRequest[]
  /** Answers with this from now on; without it, as Cloud KMS does. */
  fail(respond?: Respond): void
  /** What becomes of an answer on its way. */
  change: (answer: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>
  close(): Promise<void>
}

/** What is sealed or signed may be so long. */
const MOST_BYTES = 64 * 1024

/**
 * Cloud KMS's REST API for one key ring as `kmsRecordKeys` wants it: public keys, asymmetric signatures, encryption,
 * decryption and MACs, with their checksums and errors. https://cloud.google.com/kms/docs/reference/rest
 */
export async function startStubCloudKms(): Promise<StubCloudKms> {
  let fault: Respond | undefined
  const said = (answer: Readonly<Record<string, unknown>>) => jsonReply(200, stub.change(answer))
  const ed25519 = generateKeyPairSync('ed25519').privateKey
  const signing: Readonly<Record<string, { readonly key: KeyObject; readonly algorithm: string }>> =
    {
      'log-ed25519': { key: ed25519, algorithm: 'EC_SIGN_ED25519' },
      'log-p256': { key: p256(), algorithm: 'EC_SIGN_P256_SHA256' },
      'writer-authority': { key: p256(), algorithm: 'EC_SIGN_P256_SHA256' },
    }
  const symmetric = randomBytes(32)
  const mac = randomBytes(32)

  const usual = (request: StubRequest): Respond => {
    const path = decodeURIComponent(request.path).replace(/^\/v1\//, '')
    const [, key = '', version, method] =
      new RegExp(`^${KEY_RING}/cryptoKeys/([\\w-]+)(?:/cryptoKeyVersions/(\\d+))?[:/](\\w+)$`).exec(
        path,
      ) ?? []
    const name = `${KEY_RING}/cryptoKeys/${key}${version === undefined ? '' : `/cryptoKeyVersions/${version}`}`
    if (request.headers.authorization !== `Bearer ${KMS_TOKEN}`)
      return errorReply(401, 'authError', 'Invalid Credentials', 'UNAUTHENTICATED')
    const refused = notDocumented(request, cloudKmsMethods) ?? changedOnTheWay(request)
    if (refused !== undefined) return refused
    if (key === 'session-secrets' && version === undefined) return sealed(request, name, method)
    if (version !== '1') return errorReply(404, 'notFound', `${path} not found.`, 'NOT_FOUND')
    const signer = signing[key]
    if (signer !== undefined && method === 'publicKey') {
      const pem = createPublicKey(signer.key).export({ format: 'pem', type: 'spki' }).toString()
      const checksum = crcText(Buffer.from(pem))
      const { algorithm } = signer
      return said({ pem, algorithm, pemCrc32c: checksum, name, protectionLevel: 'HSM' })
    }
    if (signer !== undefined && method === 'asymmetricSign') return signed(request, name, signer)
    if (key === 'digest' && method === 'macSign') {
      const data = bytesOf(request, 'data')
      const tag = createHmac('sha256', mac).update(data).digest()
      return said({
        name,
        mac: tag.toString('base64'),
        macCrc32c: crcText(tag),
        verifiedDataCrc32c: textOf(request, 'dataCrc32c') === crcText(data),
      })
    }
    return errorReply(404, 'notFound', `${path} not found.`, 'NOT_FOUND')
  }

  /** ECDSA is over the digest that is sent, and Ed25519 over the data: the other is refused. */
  const signed = (
    request: StubRequest,
    name: string,
    { key, algorithm }: { readonly key: KeyObject; readonly algorithm: string },
  ): Respond => {
    const isEd25519 = algorithm === 'EC_SIGN_ED25519'
    const data = textOf(request, 'data')
    const digest = textOf(request, 'digest')
    if ((data === undefined) === isEd25519)
      return errorReply(400, 'badRequest', 'Wrong input for the key.', 'INVALID_ARGUMENT')
    const sent = isEd25519 ? bytesOf(request, 'data') : bytesOf(digest, 'sha256')
    if (!isEd25519 && sent.length !== 32)
      return errorReply(400, 'badRequest', 'Wrong digest for the key.', 'INVALID_ARGUMENT')
    const claimed = textOf(request, isEd25519 ? 'dataCrc32c' : 'digestCrc32c')
    const isHeard = claimed === crcText(sent)
    const signature = isEd25519 ? sign(undefined, sent, key) : signDigest(sent, key)
    return said({
      name,
      signature: signature.toString('base64'),
      signatureCrc32c: crcText(signature),
      [isEd25519 ? 'verifiedDataCrc32c' : 'verifiedDigestCrc32c']: isHeard,
      protectionLevel: isEd25519 ? 'SOFTWARE' : 'HSM',
    })
  }

  const sealed = (request: StubRequest, name: string, method: string | undefined): Respond => {
    const bound = bytesOf(request, 'additionalAuthenticatedData')
    if (method === 'encrypt') {
      const plaintext = bytesOf(request, 'plaintext')
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', symmetric, nonce).setAAD(bound)
      const parts = [nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]
      const ciphertext = Buffer.concat(parts)
      return said({
        name: `${name}/cryptoKeyVersions/1`,
        ciphertext: ciphertext.toString('base64'),
        ciphertextCrc32c: crcText(ciphertext),
        verifiedPlaintextCrc32c: textOf(request, 'plaintextCrc32c') === crcText(plaintext),
        verifiedAdditionalAuthenticatedDataCrc32c:
          textOf(request, 'additionalAuthenticatedDataCrc32c') === crcText(bound),
      })
    }
    const ciphertext = bytesOf(request, 'ciphertext')
    try {
      const decipher = createDecipheriv('aes-256-gcm', symmetric, ciphertext.subarray(0, 12))
      decipher.setAAD(bound).setAuthTag(ciphertext.subarray(-16))
      const plaintext = Buffer.concat([
        decipher.update(ciphertext.subarray(12, -16)),
        decipher.final(),
      ])
      return said({
        plaintext: plaintext.toString('base64'),
        plaintextCrc32c: crcText(plaintext),
        usedPrimary: true,
      })
    } catch {
      return errorReply(400, 'badRequest', 'Decryption failed.', 'INVALID_ARGUMENT')
    }
  }

  const server = await startStubUpstream((request, response) =>
    (fault ?? usual(request))(request, response),
  )
  const stub: StubCloudKms = {
    url: server.url,
    requests: server.requests,
    fail: (respond) => {
      fault = respond
    },
    change: (answer) => answer,
    close: () => server.close(),
  }
  return stub
}

/** A checksum that is sent has to be right; one that is not sent is not looked at, and the answer says so. */
function changedOnTheWay(request: StubRequest): Respond | undefined {
  if (request.method === 'GET') return undefined
  const said = (member: string) => textOf(request, `${member}Crc32c`)
  for (const member of ['data', 'plaintext', 'additionalAuthenticatedData', 'ciphertext']) {
    const bytes = bytesOf(request, member)
    if (said(member) !== undefined && said(member) !== crcText(bytes))
      return errorReply(400, 'badRequest', `The checksum in ${member}_crc32c did not match.`)
    if (bytes.length > MOST_BYTES)
      return errorReply(400, 'badRequest', `${member} is too long.`, 'INVALID_ARGUMENT')
  }
  const digest = textOf(request, 'digest')
  return digest !== undefined &&
    said('digest') !== undefined &&
    said('digest') !== crcText(bytesOf(digest, 'sha256'))
    ? errorReply(400, 'badRequest', 'The checksum in digest_crc32c did not match.')
    : undefined
}

const p256 = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey

const crcText = (bytes: Uint8Array): string => String(crc32c(bytes))

const Members = z.record(z.string(), z.unknown())

const textOf = (within: unknown, name: string): unknown => membersOf(within)[name]

const bytesOf = (within: unknown, name: string): Buffer =>
  Buffer.from(z.string().default('').parse(membersOf(within)[name]), 'base64')

function membersOf(within: unknown): Readonly<Record<string, unknown>> {
  const members = Members.parse(within)
  return Buffer.isBuffer(members['body'])
    ? Members.parse(JSON.parse(members['body'].toString()))
    : members
}
