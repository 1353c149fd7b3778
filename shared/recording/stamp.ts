import { hash } from 'node:crypto'

import { canonicalJson } from '../kernel/canonical-json.ts'
import { preAuthenticationEncoding } from '../tlog/pre-authentication-encoding.ts'

/** The media type that separates what stamps hash and sign to from everything else. */
const STAMP_TYPE = 'application/vnd.sluice.stamp.v1+json'

/** Who wrote an entry, and as which of its entries. FORMAT.md §4. */
export interface Stamp {
  readonly v: 1
  /** Origin of the log it is for. */
  readonly log: string
  /** 26 characters of base32. */
  readonly writer: string
  /** From 0, without gaps. */
  readonly number: number
  /** Hash of the stamp before, hex; of number 0 the hash of the writer's certificate. */
  readonly previous: string
  /** Id of the entry. */
  readonly entry: string
  /** Hash of the entry, hex. */
  readonly hash: string
}

/** A stamp with the signature of its writer. */
export interface SignedStamp {
  readonly stamp: Stamp
  /** Ed25519, 64 bytes, over `stampMessage`. */
  readonly signature: Buffer
}

/** What a writer signs. Throws `TypeError` for a stamp without canonical JSON. */
export function stampMessage(stamp: Stamp): Buffer {
  return preAuthenticationEncoding(STAMP_TYPE, Buffer.from(canonicalJson(stamp)))
}

/** SHA-256 of the message, hex: the next stamp of the writer names it. */
export function stampHash(message: Uint8Array): string {
  return hash('sha256', message, 'hex')
}
