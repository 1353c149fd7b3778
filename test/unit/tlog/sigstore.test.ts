import { describe, expect, test } from 'vitest'

import { encodeCheckpoint } from '../../../shared/tlog/checkpoint.ts'
import { emptyRange, extendRange, rootOf } from '../../../shared/tlog/compact-range.ts'
import { leafHash } from '../../../shared/tlog/hash.ts'
import { encodeNote } from '../../../shared/tlog/note.ts'
import { proveInclusion } from '../../../shared/tlog/prove.ts'
import { cosignNote, signNote } from '../../../shared/tlog/sign-note.ts'
import type { VerifierKey } from '../../../shared/tlog/verifier-key.ts'
import { hashesFromLeaves } from '../../support/naive-tree.ts'
import { noteSigner } from '../../support/note-keys.ts'
import { type LoggedLeaf, sigstoreLeaf, sigstoreVerdict } from '../../support/sigstore-verifier.ts'

const ORIGIN = 'acme.example/log'
const log = noteSigner('ed25519', ORIGIN)
const kms = noteSigner('ecdsa-p256', ORIGIN)
const witness = noteSigner('ed25519-cosignature', 'witness.example')

const entries = Array.from({ length: 300 }, (_, index) => sigstoreLeaf(`entry ${index}`))
const leaves = entries.map(leafHash)
const read = hashesFromLeaves(leaves)

async function logged(index: number, size: number, key: VerifierKey): Promise<LoggedLeaf> {
  const root = rootOf(extendRange(emptyRange, leaves.slice(0, size)))
  const text = encodeCheckpoint({ origin: ORIGIN, size, root, extensions: [] })
  const signatures = [
    await signNote(log.key, text, log.sign),
    await signNote(kms.key, text, kms.sign),
    await cosignNote(witness.key, text, 1_790_000_000_000, witness.sign),
  ]
  const checkpoint = encodeNote({ text, signatures }).toString()
  const proof = await proveInclusion(index, size, read)
  const leaf = entries[index]
  if (!proof.ok || leaf === undefined) throw new Error('no such leaf')
  return { key, leaf, index, hashes: proof.value, checkpoint }
}

describe.each([
  ['Ed25519', log.key],
  ['ECDSA P-256', kms.key],
])('sigstore’s verifier, believing our %s key', (_type, key) => {
  test('accepts our checkpoints and inclusion proofs', async () => {
    for (const size of [1, 2, 3, 7, 8, 255, 256, 257, 300])
      for (const index of new Set([0, size >> 1, size - 1]))
        expect(sigstoreVerdict(await logged(index, size, key))).toBe('accepted')
  })

  test.each<[string, Partial<LoggedLeaf>, string]>([
    ['another leaf', { leaf: sigstoreLeaf('entry 6') }, 'calculated root hash does not match'],
    ['another place', { index: 4 }, 'calculated root hash does not match'],
    ['a place it has not', { index: 9 }, 'invalid index'],
    ['a short proof', { hashes: [] }, 'invalid hash count'],
  ])('refuses %s', async (_what, change, reason) => {
    expect(sigstoreVerdict({ ...(await logged(5, 9, key)), ...change })).toContain(reason)
  })

  test('refuses a checkpoint that was changed, or signed by a witness alone', async () => {
    const good = await logged(5, 9, key)
    const later = good.checkpoint.replace('\n9\n', '\n10\n')
    const unsigned = good.checkpoint.replaceAll(/— acme.*\n/g, '')
    for (const checkpoint of [later, unsigned])
      expect(sigstoreVerdict({ ...good, checkpoint })).toBe('invalid checkpoint signature')
  })

  test('refuses a checkpoint of the same name under another key', async () => {
    const other = noteSigner('ed25519', ORIGIN)
    expect(sigstoreVerdict({ ...(await logged(5, 9, key)), key: other.key })).toBe(
      'invalid checkpoint signature',
    )
  })
})
