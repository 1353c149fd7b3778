import { type KeyObject, createSecretKey, hkdfSync } from 'node:crypto'

/** What keys of a secret are for: FORMAT.md §3, and the page tokens of the audit API. */
type Purpose = 'sluice salt' | 'sluice nonce' | 'sluice encryption' | 'sluice page token'

/**
 * The key of 32 bytes that follows from a secret, for one purpose: `k(info)` of FORMAT.md §3. It is derived once, and
 * forgotten with the secret, which must not change.
 */
export function derivedKey(secret: Uint8Array, purpose: Purpose): KeyObject {
  const keys = known.get(secret) ?? new Map<Purpose, KeyObject>()
  known.set(secret, keys)
  const key =
    keys.get(purpose) ?? createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', purpose, 32)))
  keys.set(purpose, key)
  return key
}

const known = new WeakMap<Uint8Array, Map<Purpose, KeyObject>>()
