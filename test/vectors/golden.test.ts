import { hash } from 'node:crypto'

import { expect, test } from 'vitest'
import { z } from 'zod'

import { base32 } from '../../shared/kernel/base32.ts'
import { canonicalJson } from '../../shared/kernel/canonical-json.ts'
import { encodeCheckpoint } from '../../shared/tlog/checkpoint.ts'
import { emptyRange, extendRange, rootOf } from '../../shared/tlog/compact-range.ts'
import { leafHash } from '../../shared/tlog/hash.ts'
import { encodeNote } from '../../shared/tlog/note.ts'
import { preAuthenticationEncoding } from '../../shared/tlog/pre-authentication-encoding.ts'
import { proveInclusion } from '../../shared/tlog/prove.ts'
import { cosignNote, signNote } from '../../shared/tlog/sign-note.ts'
import { encodeTlogProof, parseTlogProof } from '../../shared/tlog/tlog-proof.ts'
import { encodeVerifierKey } from '../../shared/tlog/verifier-key-text.ts'
import { verifyTlogProof } from '../../shared/tlog/verify-tlog-proof.ts'
import { hashesFromLeaves } from '../support/naive-tree.ts'
import { seededSigner } from '../support/note-keys.ts'
import { describeVectors } from '../support/vectors.ts'

const golden = z.object({
  log: z.string(),
  payloadTypes: z.object({ event: z.string() }),
  writerCertPayload: z.string(),
  events: z.array(
    z.object({
      payload: z.string(),
      paeSha256: z.string(),
      sig: z.string(),
      leaf: z.string(),
      leafHash: z.string(),
    }),
  ),
  checkpoint: z.string(),
  logVkey: z.string(),
  witnessVkey: z.string(),
  tlogProof: z.string(),
  jobLabels: z.object({ agw_e: z.string() }),
})

// The draft our formats come from, checked in Python by its authors. Its events and receipts had
// other members than our entries: what it is made of was the same.
describeVectors('agw-proposed', (vectors) => {
  const vector = golden.parse(vectors.json('golden.json'))
  const writer = seededSigner('ed25519', 'writer', Buffer.alloc(32, 1))
  const log = seededSigner('ed25519', vector.log, Buffer.alloc(32, 2))
  const witness = seededSigner('ed25519-cosignature', 'witness.example.com/w1', Buffer.alloc(32, 3))
  const encoded = ({ payload }: { readonly payload: string }) =>
    preAuthenticationEncoding(vector.payloadTypes.event, Buffer.from(payload))
  const leaves = vector.events.map(({ leaf }) => leafHash(Buffer.from(leaf)))

  test('its documents are canonical', () => {
    const documents = [
      vector.writerCertPayload,
      ...vector.events.flatMap(({ payload, leaf }) => [payload, leaf]),
    ]
    expect(documents).toHaveLength(7)
    for (const text of documents) expect(canonicalJson(JSON.parse(text))).toBe(text)
  })

  test('its events are hashed, signed and named in a label as ours', async () => {
    for (const event of vector.events) {
      expect(hash('sha256', encoded(event), 'base64url')).toBe(event.paeSha256)
      const signature = Buffer.from(await writer.sign(encoded(event)))
      expect(signature.toString('base64url')).toBe(event.sig)
    }
    const request = vector.events[1]
    expect(request && base32(hash('sha256', encoded(request), 'buffer'))).toBe(
      vector.jobLabels.agw_e,
    )
  })

  test('its checkpoint is the one we make', async () => {
    expect(leaves.map((leaf) => leaf.toString('hex'))).toEqual(
      vector.events.map((event) => event.leafHash),
    )
    const root = rootOf(extendRange(emptyRange, leaves))
    const text = encodeCheckpoint({ origin: vector.log, size: 3, root, extensions: [] })
    const at = seenAt(vector.checkpoint)
    const signatures = [
      await signNote(log.key, text, log.sign),
      await cosignNote(witness.key, text, at, witness.sign),
    ]
    expect(encodeNote({ text, signatures }).toString()).toBe(vector.checkpoint)
    expect(encodeVerifierKey(log.key)).toBe(vector.logVkey)
    expect(encodeVerifierKey(witness.key)).toBe(vector.witnessVkey)
  })

  test('its proof is the one we make, and verifies', async () => {
    const proof = await proveInclusion(1, 3, hashesFromLeaves(leaves))
    const made = encodeTlogProof({
      extra: Buffer.from(vector.events[1]?.leaf ?? ''),
      index: 1,
      hashes: proof.ok ? proof.value : [],
      checkpoint: Buffer.from(vector.checkpoint),
    })
    expect(made.toString()).toBe(vector.tlogProof)
    const read = parseTlogProof(made)
    const trust = { origin: vector.log, keys: [log.key], witnesses: [witness.key] }
    const verified = read.ok && verifyTlogProof(read.value, leaves[1] ?? Buffer.of(), trust)
    expect(verified).toMatchObject({
      ok: true,
      value: { size: 3, cosignatures: [{ key: witness.key, at: seenAt(vector.checkpoint) }] },
    })
  })
})

/** When its witness signed a checkpoint: eight bytes after the key id, in seconds. */
function seenAt(checkpoint: string): number {
  const [, base64 = ''] = /— witness\S+ (\S+)\n$/.exec(checkpoint) ?? []
  return Number(Buffer.from(base64, 'base64').readBigUInt64BE(4)) * 1000
}
