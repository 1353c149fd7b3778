import { hash } from 'node:crypto'

import { expect, test } from 'vitest'

import { parseTrust } from '../../../../shared/recording/bundle/trust.ts'
import { trustText } from '../../../../shared/recording/log/trust-text.ts'
import { noteSigner } from '../../../support/note-keys.ts'
import { ORIGIN, authorityKey, logSigners } from '../../../support/sealing-world.ts'

test('what we say whom to trust is what verifiers read', () => {
  const spki = authorityKey.export({ format: 'der', type: 'spki' })
  const witness = noteSigner('ed25519-cosignature', 'witness.example')
  const text = trustText({
    signers: logSigners,
    authorities: [spki],
    witnesses: { keys: [witness.key], quorum: 1 },
  })
  const trust = parseTrust(text)
  if (!trust.ok) throw new Error(trust.error.join())
  const { origin, keys, witnesses, quorum, authorities } = trust.value
  expect(origin).toBe(ORIGIN)
  expect(keys.map(({ keyId }) => keyId)).toEqual([
    logSigners.ed25519.key.keyId,
    logSigners.p256.key.keyId,
  ])
  expect(witnesses.map(({ keyId }) => keyId)).toEqual([witness.key.keyId])
  expect(quorum).toBe(1)
  expect(authorities.map(({ id }) => id)).toEqual([hash('sha256', spki, 'hex')])
  const alone = parseTrust(
    trustText({ signers: logSigners, authorities: [spki], witnesses: undefined }),
  )
  expect(alone.ok && alone.value.witnesses).toEqual([])
})
