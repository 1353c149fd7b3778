import { createPublicKey } from 'node:crypto'

import { expect, test } from 'vitest'
import { z } from 'zod'

import { parseCheckpoint } from '../../shared/tlog/checkpoint.ts'
import { leafHash } from '../../shared/tlog/hash.ts'
import { openCheckpoint } from '../../shared/tlog/open-checkpoint.ts'
import { parseNote } from '../../shared/tlog/parse-note.ts'
import { type KeyType, verifierKey } from '../../shared/tlog/verifier-key.ts'
import { verifyInclusion } from '../../shared/tlog/verify-inclusion.ts'
import { describeVectors } from '../support/vectors.ts'

const base64 = z.base64().transform((text) => Buffer.from(text, 'base64'))
const decimal = z.string().regex(/^\d+$/).transform(Number)
const bundle = z.object({
  verificationMaterial: z.object({
    tlogEntries: z.tuple([
      z.object({
        canonicalizedBody: base64,
        logId: z.object({ keyId: base64 }),
        inclusionProof: z
          .object({
            logIndex: decimal,
            treeSize: decimal,
            rootHash: base64,
            hashes: z.array(base64),
            checkpoint: z.object({ envelope: z.string() }).optional(),
          })
          .optional(),
      }),
    ]),
  }),
})

// Of bundles that are refused for what is not about the log, the log's part has to hold.
const REKOR_2: readonly (readonly [string, string])[] = [
  ['rekor2-happy-path', 'holds'],
  ['rekor2-checkpoint-cosigned', 'holds'],
  ['rekor2-checkpoint-multiple-cosigs', 'holds'],
  ['rekor2-checkpoint-origin-not-first', 'holds'],
  ['rekor2-checkpoint-two-sigs-cosigned', 'holds'],
  ['rekor2-checkpoint-two-sigs-from-origin', 'holds'],
  ['rekor2-timestamp-with-embedded-cert', 'holds'],
  ['rekor2-timestamp-payload-mismatch_fail', 'holds'],
  ['rekor2-no-inclusion-proof_fail', 'no proof'],
  ['rekor2-checkpoint-missing-log-signature_fail', 'note-malformed'],
  ['rekor2-checkpoint-no-matching-signature_fail', 'note-not-signed'],
  ['rekor2-checkpoint-missing-origin_fail', 'note-signature-invalid'],
  ['rekor2-checkpoint-missing-root-hash_fail', 'note-signature-invalid'],
  ['rekor2-checkpoint-missing-size_fail', 'note-signature-invalid'],
]
const REKOR_1: readonly (readonly [string, string])[] = [
  ['inclusion-proof-corrupted-hash_fail', 'wrong-root'],
  ['checkpoint-bad-keyhint_fail', 'note-not-signed'],
  ['invalid-checkpoint-signature_fail', 'note-signature-invalid'],
  ['checkpoint-wrong-roothash_fail', 'not the proof’s tree'],
  ['invalid-inclusion-proof_fail', 'no checkpoint'],
]

describeVectors('sigstore-conformance', (vectors) => {
  const entryIn = (folder: string) =>
    bundle.parse(vectors.json(`${folder}/bundle.sigstore.json`)).verificationMaterial.tlogEntries[0]

  /** What is wrong with the log's part of a bundle: first its checkpoint, then its proof. */
  function verdict(folder: string, type: KeyType, spki: Buffer, name: string, origin: string) {
    const { canonicalizedBody, inclusionProof } = entryIn(folder)
    if (inclusionProof === undefined) return 'no proof'
    const { logIndex, treeSize, rootHash, hashes, checkpoint } = inclusionProof
    if (checkpoint === undefined) return 'no checkpoint'
    const key = verifierKey(type, name, createPublicKey({ key: spki, format: 'der', type: 'spki' }))
    const trust = { origin, keys: [key], witnesses: [] }
    const opened = openCheckpoint(Buffer.from(checkpoint.envelope), trust)
    if (!opened.ok) return opened.error.problem
    const { size, root } = opened.value
    if (size !== treeSize || !rootHash.equals(root)) return 'not the proof’s tree'
    const claim = { index: logIndex, size, root, leafHash: leafHash(canonicalizedBody) }
    const included = verifyInclusion(claim, hashes)
    return included.ok ? 'holds' : included.error.problem
  }

  test('there is a verdict on every bundle', () => {
    const folders = new Set(vectors.list().map((file) => file.replace(/\/.*/, '')))
    const judged = [...REKOR_2, ...REKOR_1].map(([folder]) => folder)
    expect(judged.toSorted()).toEqual([...folders].toSorted())
    expect(folders.size).toBe(19)
  })

  test.each(REKOR_2)('%s: %s', (folder, expected) => {
    const tlog = z.object({
      baseUrl: z.string(),
      publicKey: z.object({ rawBytes: base64, keyDetails: z.string() }),
    })
    const { tlogs } = z
      .object({ tlogs: z.array(tlog) })
      .parse(vectors.json(`${folder}/trusted_root.json`))
    const log = tlogs.find(({ publicKey }) => publicKey.keyDetails === 'PKIX_ED25519')
    if (log === undefined) throw new Error('no Ed25519 key')
    const host = new URL(log.baseUrl).host
    expect(verdict(folder, 'ed25519', log.publicKey.rawBytes, host, host)).toBe(expected)
  })

  test.each([
    ['rekor2-checkpoint-missing-origin_fail', 'size'],
    ['rekor2-checkpoint-missing-size_fail', 'size'],
    ['rekor2-checkpoint-missing-root-hash_fail', 'root'],
  ])('%s: no checkpoint, whoever signed it', (folder, line) => {
    const { envelope = '' } = entryIn(folder).inclusionProof?.checkpoint ?? {}
    const note = parseNote(Buffer.from(envelope))
    expect(note.ok && parseCheckpoint(note.value.text)).toEqual({
      ok: false,
      error: { problem: 'checkpoint-malformed', line },
    })
  })

  test.each(REKOR_1)('%s: %s', (folder, expected) => {
    const origin = 'rekor.sigstore.dev - 2605736670972794746'
    expect(verdict(folder, 'ecdsa-p256', REKOR_1_KEY, 'rekor.sigstore.dev', origin)).toBe(expected)
  })

  test('the key of Rekor 1 is the one its bundles name', () => {
    const key = createPublicKey({ key: REKOR_1_KEY, format: 'der', type: 'spki' })
    const { keyId } = verifierKey('ecdsa-p256', 'rekor.sigstore.dev', key)
    for (const [folder] of REKOR_1)
      expect(entryIn(folder).logId.keyId.toString('hex', 0, 4)).toBe(keyId)
  })
})

// The public key of rekor.sigstore.dev, which these bundles have no trusted root for.
const REKOR_1_KEY = Buffer.from(
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE2G2Y+2tabdTV5BcGiBIx0a9fAFwrkBbmLSGtks4L3qX6yYY0zufBnhC8Ur/iy55GhWP/9A/bY2LhC30M9+RYtw==',
  'base64',
)
