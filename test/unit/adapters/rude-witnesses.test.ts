import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'

import { cosignNote } from '../../../shared/tlog/sign-note.ts'
import { encodeVerifierKey } from '../../../shared/tlog/verifier-key-text.ts'
import { freePort } from '../../support/free-port.ts'
import { noteSigner } from '../../support/note-keys.ts'
import {
  endless,
  hang,
  notHttp,
  redirect,
  resetBeforeHeaders,
  slowLoris,
} from '../../support/stub-faults.ts'
import { bytesReply } from '../../support/stub-replies.ts'
import { type Respond, startStubUpstream } from '../../support/stub-upstream.ts'
import { type TestWitness, linesOf, startWitness } from '../../support/witness.ts'
import { logKey, witnessedLog } from '../../support/witnessed-log.ts'

let witness: TestWitness
beforeEach(async () => {
  witness = await startWitness({ name: 'witness.example/w1', logs: [logKey] })
})
afterEach(() => witness.close())

const never = () => new Promise<never>(() => {})

describe('what is no cosignature', () => {
  const other = noteSigner('ed25519-cosignature', 'witness.example/w1')
  const stranger = noteSigner('ed25519-cosignature', 'stranger.example/w9')

  test.each<readonly [string, (text: string, good: string) => Promise<string> | string]>([
    ['nothing', () => ''],
    ['garbage', () => '\u0000\u0001 not lines'],
    ['a page', () => '<!DOCTYPE html><title>Witness</title>'],
    [
      'one by another key of that name',
      async (text) =>
        linesOf(text, await cosignNote(other.key, text, 1_700_000_000_000, other.sign)),
    ],
    [
      'one by a stranger',
      async (text) =>
        linesOf(text, await cosignNote(stranger.key, text, 1_700_000_000_000, stranger.sign)),
    ],
    ['one without its end', (_text, good) => good.slice(0, -10)],
    ['one without its last newline', (_text, good) => good.slice(0, -1)],
    ['one behind text of its own', (_text, good) => `and more\n\n${good}`],
    ['one behind an empty line', (_text, good) => `\n${good}`],
  ])('is dropped: %s', async (_name, answer) => {
    const log = witnessedLog([witness])
    const { text } = await log.note(6)
    witness.after = async (good) => new Response(await answer(text, await good.text()))
    expect(await log.cosign(6)).toEqual([])
    expect(log.refusals.map(({ problem }) => problem.problem)).toEqual(['witness-garbled'])
  })

  test('is dropped when it has the name of another', async () => {
    const log = witnessedLog([witness])
    const { text } = await log.note(6)
    witness.after = async (answer) => {
      const [, , base64 = ''] = (await answer.text()).trimEnd().split(' ')
      const bytes = Buffer.from(base64, 'base64')
      const signature = { keyId: witness.key.keyId, signature: bytes.subarray(4) }
      const named = { ...signature, name: 'other.example/w1' }
      const identified = { ...signature, name: witness.key.name, keyId: '00000000' }
      return new Response(linesOf(text, named, identified))
    }
    expect(await log.cosign(6)).toEqual([])
    expect(log.refusals).toHaveLength(1)
  })

  test('is dropped when it is on another checkpoint', async () => {
    const earlier = witnessedLog([witness])
    let replayed = ''
    witness.after = async (answer) => {
      replayed = await answer.text()
      return new Response(replayed)
    }
    await earlier.cosign(5)
    witness.after = () => new Response(replayed)
    expect(await earlier.cosign(6)).toEqual([])
    expect(earlier.refusals).toHaveLength(1)
  })

  test('is dropped when it has no time', async () => {
    const timeless = await startWitness({
      name: 'witness.example/timeless',
      logs: [logKey],
      now: () => 0,
    })
    const log = witnessedLog([timeless])
    expect(await log.cosign(6)).toEqual([])
    expect(log.refusals[0]?.problem.problem).toBe('witness-garbled')
    await timeless.close()
  })

  test('does not take away what is one beside it, nor is it passed on', async () => {
    const log = witnessedLog([witness])
    const { text } = await log.note(6)
    const strange = linesOf(
      text,
      await cosignNote(stranger.key, text, 1_700_000_000_000, stranger.sign),
    )
    const forged = linesOf(text, await cosignNote(other.key, text, 1_700_000_000_000, other.sign))
    witness.after = async (good) => new Response(strange + forged + (await good.text()) + strange)
    const given = await log.cosign(6)
    expect(given?.map(({ keyId }) => keyId)).toEqual([witness.key.keyId])
  })

  test.each(['', '7', '07\n', '-1\n', '7\n\n', 'seven\n', '99999999999999999\n'])(
    'no more is a conflict without a size one: %j',
    async (body) => {
      witness.before = () => new Response(body, { status: 409 })
      const log = witnessedLog([witness])
      expect(await log.cosign(6)).toEqual([])
      expect(log.refusals[0]?.problem.problem).toBe('witness-garbled')
      expect(witness.requests).toHaveLength(1)
    },
  )

  test.each([
    ['always the size it was asked from', () => '0\n', 1],
    ['another one each time', (asked: number) => `${1 + (asked % 3)}\n`, 4],
  ])('nor are conflicts without end: %s', async (_name, size, requests) => {
    witness.before = () => new Response(size(witness.requests.length), { status: 409 })
    const log = witnessedLog([witness])
    expect(await log.cosign(6)).toEqual([])
    expect(log.refusals[0]?.problem.problem).toBe('witness-garbled')
    expect(witness.requests).toHaveLength(requests)
  })
})

describe('a witness that mistreats whoever asks', () => {
  const key = encodeVerifierKey(noteSigner('ed25519-cosignature', 'rude.example').key)
  const stub = startStubUpstream()
  afterAll(async () => (await stub).close())

  const asked = async (url: string) => {
    const rude = { ...witness, terms: { url, key } }
    const log = witnessedLog([rude], { timeoutMs: 1500 })
    const before = performance.now()
    expect(await log.cosign(6)).toEqual([])
    return { problem: log.refusals[0]?.problem, tookMs: performance.now() - before }
  }

  test.each<readonly [string, Respond, string]>([
    ['hangs', hang, 'no answer in time'],
    ['answers a byte at a time', slowLoris(50), 'no answer in time'],
    ['resets', resetBeforeHeaders, 'no answer'],
    ['speaks no HTTP', notHttp, 'no answer'],
    ['never ends', endless, 'an answer of more than 524288 bytes'],
    ['is broken', bytesReply(500, Buffer.from('no')), 'status `500`'],
    ['is busy', bytesReply(429, Buffer.from('no')), 'status `429`'],
  ])('is left alone in time: it %s', async (_name, respond, detail) => {
    const { url } = await stub
    ;(await stub).respond(respond)
    const { problem, tookMs } = await asked(`${url.href}w`)
    expect(problem).toEqual({ problem: 'witness-unavailable', detail })
    expect(tookMs).toBeLessThan(10_000)
  })

  test('is left alone when nobody listens', async () => {
    const { problem } = await asked(`http://127.0.0.1:${await freePort()}/w`)
    expect(problem).toEqual({ problem: 'witness-unavailable', detail: 'no answer' })
  })

  test('is not followed elsewhere', async () => {
    const { url, respond } = await stub
    respond(redirect(`${witness.terms.url}/add-checkpoint`, 307))
    const { problem } = await asked(`${url.href}w`)
    expect(problem).toEqual({ problem: 'witness-refused', status: 307 })
    expect(witness.requests).toEqual([])
  })

  test('does not keep anybody waiting by a proof that never comes', async () => {
    const log = witnessedLog([witness], { timeoutMs: 300 })
    await log.cosign(5)
    expect(await log.cosign(6, never)).toEqual([])
    expect(log.refusals[0]?.problem).toEqual({
      problem: 'witness-unavailable',
      detail: 'no answer in time',
    })
  })
})
