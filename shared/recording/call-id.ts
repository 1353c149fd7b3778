import { createHash } from 'node:crypto'

import { base32 } from '../kernel/base32.ts'

/** 128 bits, which base32 writes in 26 characters. */
const BYTES = 16

/** A call id nobody has had. */
export function newCallId(random: (bytes: number) => Uint8Array): string {
  return base32(random(BYTES))
}

/**
 * The call id of a request that names itself (by `requestId` or `jobReference.jobId`): the same for
 * every retry, and never that of another principal, whatever `parts` they send.
 */
export function callIdFrom(principalKey: string, parts: readonly string[]): string {
  // JSON keeps the parts apart whatever they contain.
  const text = JSON.stringify(['sluice-call/v1', principalKey, ...parts])
  return base32(createHash('sha256').update(text).digest().subarray(0, BYTES))
}
