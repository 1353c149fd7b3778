import {
  type JsonWebKey,
  type KeyObject,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  sign,
  verify,
} from 'node:crypto'
import { promisify } from 'node:util'

import { z } from 'zod'

import { type GatewayKeys, type SigningKey, keyId } from '../../identity/signing-key.ts'

const PrivateJwk = z.looseObject({ d: z.string(), kty: z.string(), crv: z.string() })
const KeyText = z.union([
  z.looseObject({ keys: z.array(PrivateJwk).min(1) }),
  PrivateJwk.transform((jwk) => ({ keys: [jwk] })),
])

const signAsync = promisify(sign)

/**
 * The gateway's keys from JSON text, as Secret Manager or the key file holds it: a private JWK (EC
 * P-256 or Ed25519) or a JWK Set of them, newest first. The first signs; tokens of the others hold
 * until they expire. Throws when the text is not that; the message has none of it.
 */
export async function gatewayKeys(text: string): Promise<GatewayKeys> {
  const [newest, ...older] = await Promise.all(parse(text).map(loaded))
  if (newest === undefined) throw new Error('the signing key is missing')
  return {
    signing: newest.signing,
    retired: older.map(({ signing }) => ({
      ...signing.publicJwk,
      kid: signing.kid,
      alg: signing.algorithm,
    })),
    sealing: [newest.sealing, ...older.map(({ sealing }) => sealing)],
    masking: (older.at(-1) ?? newest).masking,
  }
}

function parse(text: string): readonly JsonWebKey[] {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    // Its message would quote the key.
    throw new Error('the signing key is no JSON')
  }
  const parsed = KeyText.safeParse(json)
  if (!parsed.success) throw new Error('the signing key is no private JWK or set of them')
  return parsed.data.keys
}

interface Loaded {
  readonly signing: SigningKey
  readonly sealing: Uint8Array
  readonly masking: Uint8Array
}

async function loaded(jwk: JsonWebKey): Promise<Loaded> {
  const key = createPrivateKey({ key: jwk, format: 'jwk' })
  const algorithm = algorithmOf(key)
  const publicKey = createPublicKey(key)
  const publicJwk = { ...publicKey.export({ format: 'jwk' }) }
  const kid = await keyId(publicJwk)
  const derived = (what: string) => new Uint8Array(hkdfSync('sha256', jwk.d ?? '', kid, what, 32))
  const signed = async (data: Uint8Array): Promise<Uint8Array> =>
    algorithm === 'ES256'
      ? signAsync('sha256', data, { key, dsaEncoding: 'ieee-p1363' })
      : signAsync(undefined, data, key)
  // Node takes a private part that does not belong to the public one.
  if (!fits(publicKey, await signed(PROBE))) throw new Error('the signing key is inconsistent')
  return {
    signing: {
      kid,
      algorithm,
      publicJwk,
      sign: signed,
    },
    sealing: derived('sluice sealing'),
    masking: derived('sluice masking'),
  }
}

const PROBE = Buffer.from('sluice')

function fits(key: KeyObject, signature: Uint8Array): boolean {
  return key.asymmetricKeyType === 'ec'
    ? verify('sha256', PROBE, { key, dsaEncoding: 'ieee-p1363' }, signature)
    : verify(undefined, PROBE, key, signature)
}

function algorithmOf(key: KeyObject): SigningKey['algorithm'] {
  if (key.asymmetricKeyType === 'ed25519') return 'EdDSA'
  if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'ES256'
  throw new Error('the signing key is neither EC P-256 nor Ed25519')
}
