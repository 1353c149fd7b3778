import {
  type JsonWebKey,
  type KeyObject,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  randomBytes,
  sign,
} from 'node:crypto'
import { promisify } from 'node:util'

import { z } from 'zod'

import type { LogSigner, LogSigners } from '../../recording/log/log-signers.ts'
import { verifierKey } from '../../tlog/verifier-key.ts'
import type { RecordKeys } from '../record-keys.ts'
import { aesWrapKey } from './aes-wrap-key.ts'
import { privateFile } from './private-file.ts'

const privateJwk = z.looseObject({ kty: z.string(), crv: z.string(), d: z.string() })
const secret = z.base64().refine((text) => Buffer.from(text, 'base64').length === 32)
const keysText = z.strictObject({
  v: z.literal(1),
  log: z.strictObject({ ed25519: privateJwk, p256: privateJwk }),
  writerAuthority: privateJwk,
  wrapping: secret,
  digest: secret,
})

const signAsync = promisify(sign)

/**
 * The keys in a file that nobody else may read, created on the first start. Throws when the file is readable
 * to others, and as `recordKeys` does.
 */
export function recordKeyFile(path: string, origin: string): RecordKeys {
  return recordKeys(privateFile(path, newKeys), origin)
}

/**
 * The keys from JSON text, as Secret Manager or the key file holds it, for the log of this origin. Throws when
 * the text is not that; the message has none of it.
 */
export function recordKeys(text: string, origin: string): RecordKeys {
  const { log, writerAuthority, wrapping, digest } = parse(text)
  const authority = privateKey(writerAuthority)
  const publicKey = createPublicKey(authority).export({ format: 'der', type: 'spki' })
  const signers: LogSigners = {
    ed25519: signer('ed25519', origin, privateKey(log.ed25519)),
    p256: signer('ecdsa-p256', origin, privateKey(log.p256)),
  }
  return {
    log: () => Promise.resolve(signers),
    authority: {
      id: hash('sha256', publicKey, 'hex'),
      publicKey,
      sign: (message) => signAsync('sha256', message, authority),
    },
    wrapKey: aesWrapKey(Buffer.from(wrapping, 'base64')),
    digest: Buffer.from(digest, 'base64'),
  }
}

function signer<Type extends 'ed25519' | 'ecdsa-p256'>(
  type: Type,
  origin: string,
  key: KeyObject,
): LogSigner<Type> {
  const algorithm = type === 'ed25519' ? undefined : 'sha256'
  return {
    key: verifierKey(type, origin, createPublicKey(key)),
    sign: (message) => signAsync(algorithm, message, key),
  }
}

function parse(text: string): z.infer<typeof keysText> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    // Its message would quote the keys.
    throw new Error('the record keys are no JSON')
  }
  const parsed = keysText.safeParse(json)
  if (!parsed.success) throw new Error('the record keys are not what `npm start` makes')
  return parsed.data
}

function privateKey(jwk: JsonWebKey): KeyObject {
  return createPrivateKey({ key: jwk, format: 'jwk' })
}

function newKeys(): string {
  return JSON.stringify({
    v: 1,
    log: {
      ed25519: jwkOf(generateKeyPairSync('ed25519').privateKey),
      p256: newP256(),
    },
    writerAuthority: newP256(),
    wrapping: randomBytes(32).toString('base64'),
    digest: randomBytes(32).toString('base64'),
  })
}

function newP256(): JsonWebKey {
  return jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
}

function jwkOf(key: KeyObject): JsonWebKey {
  return key.export({ format: 'jwk' })
}
