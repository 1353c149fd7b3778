import { generateKeyPairSync } from 'node:crypto'

import { expect, test } from 'vitest'

import { parseTrust } from '../../../../shared/recording/bundle/trust.ts'
import { encodeVerifierKey } from '../../../../shared/tlog/verifier-key-text.ts'
import { noteSigner } from '../../../support/note-keys.ts'

const LOG = 'example.com/log'
const log = encodeVerifierKey(noteSigner('ed25519', LOG).key)
const p256 = encodeVerifierKey(noteSigner('ecdsa-p256', LOG).key)
const witness = encodeVerifierKey(noteSigner('ed25519-cosignature', 'w.example').key)
const other = encodeVerifierKey(noteSigner('ed25519', 'example.com/other').key)
const authority = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  .publicKey.export({ format: 'der', type: 'spki' })
  .toString('base64')

const TRUST = {
  v: 1,
  log: LOG,
  keys: [log, p256],
  writerAuthorities: [{ publicKey: authority, from: 1 }],
  witnesses: [witness],
  quorum: 1,
}

const problemsOf = (change: object): readonly string[] => {
  const parsed = parseTrust(JSON.stringify({ ...TRUST, ...change }))
  return parsed.ok ? [] : parsed.error
}

test('a trust file is read', () => {
  const parsed = parseTrust(JSON.stringify(TRUST, undefined, 2))
  expect(parsed).toMatchObject({
    ok: true,
    value: {
      origin: LOG,
      quorum: 1,
      keys: [{ type: 'ed25519' }, { type: 'ecdsa-p256' }],
      witnesses: [{ name: 'w.example' }],
      authorities: [{ publicKey: authority, from: 1, until: undefined }],
    },
  })
})

test.each([
  [{ v: 2 }, ['`v` has to be 1']],
  [{ quorum: undefined }, ['`quorum` has to be a whole number from 0']],
  [{ extra: 1 }, ['`extra` is unknown here']],
  [
    { keys: 'x', witnesses: {} },
    [
      '`keys` has to be a list of verifier keys',
      '`witnesses` has to be a list of verifier keys, which may be empty',
    ],
  ],
  [
    { log: 'a b' },
    [
      '`log` is no origin: a name without spaces and plus signs',
      expect.stringContaining('`keys[0]` is of'),
      expect.anything(),
    ],
  ],
  [{ keys: [] }, ['`keys` is empty: nobody could have signed the log']],
  [
    { keys: [log, 'x'] },
    ['`keys[1]` is no verifier key (it is not written as `name+key id+base64`)'],
  ],
  [
    { keys: [log.replace(/\+[0-9a-f]{8}\+/, '+00000000+')] },
    ['`keys[0]` is no verifier key (the key id is not that of the key)'],
  ],
  [{ keys: [other] }, ['`keys[0]` is of `example.com/other`, not of the log `example.com/log`']],
  [
    { keys: [log, witness] },
    [expect.stringContaining('belongs in `witnesses`'), expect.anything()],
  ],
  [{ witnesses: [log] }, ['`witnesses[0]` is no key of a witness: its type has to be 4']],
  [{ quorum: 2 }, ['`quorum` asks for 2 witnesses, and `witnesses` has fewer']],
  [
    { writerAuthorities: [] },
    ['`writerAuthorities` is empty: nobody could have vouched for a writer'],
  ],
  [
    { writerAuthorities: [{ publicKey: 'AAAA' }] },
    ['`writerAuthorities[0].publicKey` is no P-256 SubjectPublicKeyInfo in base64'],
  ],
])('%j', (change, problems) => {
  expect(problemsOf(change)).toEqual(problems)
})

test('what is no JSON says so', () => {
  expect(parseTrust('{')).toEqual({ ok: false, error: ['the trust file is not JSON'] })
  expect(parseTrust('[]').ok).toBe(false)
})
