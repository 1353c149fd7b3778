import { encodeBase64 } from '../../tlog/base64.ts'
import { encodeVerifierKey } from '../../tlog/verifier-key-text.ts'
import type { LogSigners } from './log-signers.ts'
import type { Witnesses } from './witnesses.ts'

/** Whom somebody has to believe to verify a log of ours. */
interface Trusted {
  readonly signers: LogSigners
  /** DER SubjectPublicKeyInfo of the keys that vouch for writers. */
  readonly authorities: readonly Uint8Array[]
  /** Undefined where policy names none. */
  readonly witnesses: Pick<Witnesses, 'keys' | 'quorum'> | undefined
}

/** What a verifier gets from us once, and keeps. FORMAT.md §8. */
export function trustText({ signers, authorities, witnesses }: Trusted): string {
  const { ed25519, p256 } = signers
  const trust = {
    v: 1,
    log: ed25519.key.name,
    keys: [ed25519, p256].map(({ key }) => encodeVerifierKey(key)),
    writerAuthorities: authorities.map((spki) => ({ publicKey: encodeBase64(spki) })),
    witnesses: witnesses?.keys.map(encodeVerifierKey) ?? [],
    quorum: witnesses?.quorum ?? 0,
  }
  return `${JSON.stringify(trust, undefined, 2)}\n`
}
