import { expect, test } from 'vitest'
import { z } from 'zod'

import { encodeAddCheckpoint } from '../../shared/adapters/witness/add-checkpoint.ts'
import { decodeHash } from '../../shared/tlog/base64.ts'
import { ed25519PublicKey } from '../../shared/tlog/ed25519.ts'
import { verifierKey } from '../../shared/tlog/verifier-key.ts'
import { describeVectors } from '../support/vectors.ts'
import { startWitness } from '../support/witness.ts'

const format = z.object({
  logKeyHex: z.string(),
  requests: z.array(z.object({ body: z.string(), status: z.number(), assert: z.string() })),
})

const ORIGIN = 'sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562'

describeVectors('c2sp', (vectors) => {
  const { logKeyHex, requests } = format.parse(vectors.json('witness-add-checkpoint.json'))
  const publicKey = ed25519PublicKey(Buffer.from(logKeyHex, 'hex'))
  if (publicKey === undefined) throw new Error('no key')

  test('the witness of these tests answers all nine requests as another one did', async () => {
    const witness = await startWitness({
      name: 'example.com/witness',
      logs: [verifierKey('ed25519', ORIGIN, publicKey)],
      // The vectors are older than the 404 of the specification.
      unknownLog: 403,
    })
    const url = `${witness.terms.url}/add-checkpoint`
    const answers: { readonly status: number; readonly holds: boolean }[] = []
    for (const { body, assert } of requests) {
      // oxlint-disable-next-line no-await-in-loop -- each follows the one before
      const answer = await fetch(url, { method: 'POST', body })
      // oxlint-disable-next-line no-await-in-loop
      answers.push({ status: answer.status, holds: holds(assert, await answer.text()) })
    }
    expect(answers).toEqual(requests.map(({ status }) => ({ status, holds: true })))
    expect(answers).toHaveLength(9)
    await witness.close()
  })

  test.each(requests.map(({ body }, place) => [place, body] as const))(
    'request %d is written as it is there',
    (_place, body) => {
      const end = body.indexOf('\n\n')
      const [old = '', ...lines] = body.slice(0, end).split('\n')
      const proof = lines.map((line) => decodeHash(line) ?? Buffer.of())
      const note = Buffer.from(body.slice(end + 2))
      const written = encodeAddCheckpoint({ old: Number(old.slice('old '.length)), proof, note })
      expect(written.toString()).toBe(body)
    },
  )
})

/** Whether a body is as a vector asserts: `body contains "…"` or `body == "…"`. */
function holds(assert: string, body: string): boolean {
  const [, how, quoted = '""'] = /^body (contains|==) (".*")$/.exec(assert) ?? []
  const expected = z.string().parse(JSON.parse(quoted))
  return how === '==' ? body === expected : how === 'contains' && body.includes(expected)
}
