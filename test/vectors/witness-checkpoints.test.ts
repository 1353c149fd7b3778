import { expect, test } from 'vitest'
import { z } from 'zod'

import { decodeHash } from '../../shared/tlog/base64.ts'
import { ed25519PublicKey } from '../../shared/tlog/ed25519.ts'
import { openCheckpoint } from '../../shared/tlog/open-checkpoint.ts'
import { verifierKey } from '../../shared/tlog/verifier-key.ts'
import { verifyConsistency } from '../../shared/tlog/verify-consistency.ts'
import { describeVectors } from '../support/vectors.ts'

const format = z.object({
  logKeyHex: z.string(),
  requests: z.array(z.object({ body: z.string(), status: z.number(), assert: z.string() })),
})

/**
 * What the verifier says of each request in turn: of its checkpoint, and of its proof from the size
 * it names. The statuses that follow from what a witness remembers are for the witness's tests.
 */
const VERDICTS = [
  [200, 'new'],
  // Its signature is wrong, and has bits set that base64 does not use: so it is not even read.
  [403, 'note-signature-line'],
  [403, 'note-not-signed'],
  [422, 'proof-length'],
  [422, 'wrong-root'],
  [200, 'consistent'],
  [409, 'consistent'],
  [200, 'consistent'],
  [409, 'new'],
] as const

describeVectors('c2sp', (vectors) => {
  const { logKeyHex, requests } = format.parse(vectors.json('witness-add-checkpoint.json'))
  const publicKey = ed25519PublicKey(Buffer.from(logKeyHex, 'hex'))
  if (publicKey === undefined) throw new Error('no key')
  const origin =
    'sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562'
  const trust = { origin, keys: [verifierKey('ed25519', origin, publicKey)], witnesses: [] }

  // The roots of the log at the sizes it was at, as it signed them.
  const roots = new Map<number, Uint8Array>()
  const verdicts = requests.map(({ body }): string => {
    const end = body.indexOf('\n\n')
    const [old = '', ...proof] = body.slice(0, end).split('\n')
    const opened = openCheckpoint(Buffer.from(body.slice(end + 2)), trust)
    if (!opened.ok) return opened.error.problem
    roots.set(opened.value.size, opened.value.root)
    const size = Number(old.slice('old '.length))
    if (size === 0) return 'new'
    const earlier = { size, root: roots.get(size) ?? Buffer.of() }
    const hashes = proof.map((line) => decodeHash(line) ?? Buffer.of())
    const consistent = verifyConsistency(earlier, opened.value, hashes)
    return consistent.ok ? 'consistent' : consistent.error.problem
  })

  test('there are nine requests', () => {
    expect(requests.map(({ status }) => status)).toEqual(VERDICTS.map(([status]) => status))
  })

  test.each(VERDICTS.map(([status, verdict], place) => [place, status, verdict] as const))(
    'request %d, answered with %d: %s',
    (place, _status, verdict) => {
      expect(verdicts[place]).toBe(verdict)
    },
  )
})
