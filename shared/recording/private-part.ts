import { createCipheriv, createDecipheriv, createHash, createHmac, hash } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'

import { canonicalJson } from '../kernel/canonical-json.ts'
import { deflate } from './deflate.ts'
import { derivedKey } from './derived-key.ts'
import type { PrivatePart } from './envelope.ts'
import type { PrivateFacts, RecordSecret } from './private-facts.ts'

const VERSION = Buffer.of(1)
const SALT_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const MOST_BYTES = 64 * 1024 * 1024

/** Private facts as they are stored, and what the entry says of them. */
export interface SealedPart {
  readonly part: PrivatePart
  readonly ciphertext: Buffer
}

/** Private facts as they were written, with what they are bound by. */
export interface OpenedPart {
  /** Canonical JSON. */
  readonly facts: string
  readonly salt: Buffer
}

/**
 * Encrypts the private facts of the entry `id`: the same facts give the same bytes, so that writing an entry
 * again is harmless, and other facts another key stream. FORMAT.md §3. Throws `TypeError` for facts without
 * canonical JSON.
 */
export function sealPart(
  id: string,
  facts: PrivateFacts,
  { id: key, secret }: RecordSecret,
): SealedPart {
  const text = Buffer.from(canonicalJson(facts))
  const named = Buffer.concat([Buffer.from(`${id}\n`), text])
  const salt = createHmac('sha256', derivedKey(secret, 'sluice salt')).update(named).digest()
  const nonce = createHmac('sha256', derivedKey(secret, 'sluice nonce')).update(named).digest()
  const cipher = createCipheriv(
    'aes-256-gcm',
    derivedKey(secret, 'sluice encryption'),
    nonce.subarray(0, NONCE_BYTES),
  )
  cipher.setAAD(Buffer.from(id))
  const encrypted = cipher.update(deflate(Buffer.concat([salt, text])))
  const ciphertext = Buffer.concat([
    VERSION,
    nonce.subarray(0, NONCE_BYTES),
    encrypted,
    cipher.final(),
    cipher.getAuthTag(),
  ])
  return {
    part: {
      ciphertext: ciphertextDigest(ciphertext),
      commitment: commitmentOf(salt, text),
      key,
      length: text.length,
    },
    ciphertext,
  }
}

/**
 * The private facts of the entry `id`; undefined when they were not encrypted under this secret for this
 * entry, were changed, or are not what the entry commits to.
 */
export function openPart(
  id: string,
  { part, ciphertext }: SealedPart,
  secret: Uint8Array,
): OpenedPart | undefined {
  try {
    const nonceEnd = VERSION.length + NONCE_BYTES
    const tagStart = ciphertext.length - TAG_BYTES
    if (ciphertext[0] !== VERSION[0] || tagStart < nonceEnd) return undefined
    const key = derivedKey(secret, 'sluice encryption')
    const nonce = ciphertext.subarray(VERSION.length, nonceEnd)
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(id))
    decipher.setAuthTag(ciphertext.subarray(tagStart))
    const packed = decipher.update(ciphertext.subarray(nonceEnd, tagStart))
    const bytes = inflateRawSync(Buffer.concat([packed, decipher.final()]), {
      maxOutputLength: MOST_BYTES,
    })
    const salt = bytes.subarray(0, SALT_BYTES)
    const text = bytes.subarray(SALT_BYTES)
    if (commitmentOf(salt, text) !== part.commitment) return undefined
    return { facts: text.toString('utf8'), salt }
  } catch {
    // A wrong tag, a wrong secret, or no deflated bytes: it makes no difference to anybody.
    return undefined
  }
}

/** What an entry commits to its private facts by, hex. */
export function commitmentOf(salt: Uint8Array, facts: Uint8Array): string {
  return hash('sha256', Buffer.concat([Buffer.from('sluice-private/v1\n'), salt, facts]), 'hex')
}

/** What an entry names its ciphertext by, hex. */
export function ciphertextDigest(ciphertext: Uint8Array): string {
  return hash('sha256', ciphertext, 'hex')
}

/** The digest of a body that left, hex, under its salt of 32 bytes. */
export function deliveryDigest(salt: Uint8Array, body: Uint8Array): string {
  return salted('sluice-delivery/v1\n', salt, body)
}

/** The digest of the bytes of `rows` that left, hex, under the salt of the body they were in. */
export function rowsDigest(salt: Uint8Array, rows: Uint8Array): string {
  return salted('sluice-rows/v1\n', salt, rows)
}

/** Without a copy: bodies are long. */
function salted(kind: string, salt: Uint8Array, bytes: Uint8Array): string {
  return createHash('sha256').update(kind).update(salt).update(bytes).digest('hex')
}
