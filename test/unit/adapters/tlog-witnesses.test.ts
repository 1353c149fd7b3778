import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { encodeAddCheckpoint } from '../../../shared/adapters/witness/add-checkpoint.ts'
import { tlogWitnesses } from '../../../shared/adapters/witness/tlog-witnesses.ts'
import { refusalText, speaksAgainstLog } from '../../../shared/adapters/witness/witness-refusal.ts'
import { encodeVerifierKey } from '../../../shared/tlog/verifier-key-text.ts'
import { verifySignature } from '../../../shared/tlog/verify-signature.ts'
import { numberedLeaves } from '../../support/naive-tree.ts'
import { type TestWitness, startWitness } from '../../support/witness.ts'
import { logKey, witnessedLog } from '../../support/witnessed-log.ts'

let witness: TestWitness
const start = (name = 'witness.example/w1') => startWitness({ name, logs: [logKey] })
beforeEach(async () => {
  witness = await start()
})
afterEach(() => witness.close())

const olds = () => witness.requests.map((body) => body.split('\n', 1)[0])

const noTiles = () => Promise.reject(new Error('the log has no tile'))

describe('a witness that works', () => {
  test('cosigns what the log shows to continue what it cosigned', async () => {
    const log = witnessedLog([witness])
    for (const size of [1, 7, 8, 40]) {
      const { text } = await log.note(size)
      const [given, ...more] = (await log.cosign(size)) ?? []
      expect(more).toEqual([])
      expect(given).toMatchObject({ name: witness.key.name, keyId: witness.key.keyId })
      expect(verifySignature(witness.key, text, given?.signature ?? Buffer.of())).toBeDefined()
    }
    expect(olds()).toEqual(['old 0', 'old 1', 'old 7', 'old 8'])
    expect(witness.statuses).toEqual([200, 200, 200, 200])
    expect(log.refusals).toEqual([])
  })

  test('is asked from the size it names where nobody remembers it', async () => {
    await witnessedLog([witness]).cosign(7)
    const log = witnessedLog([witness])
    expect(await log.cosign(12)).toHaveLength(1)
    expect(olds()).toEqual(['old 0', 'old 0', 'old 7'])
    expect(witness.statuses).toEqual([200, 409, 200])
  })

  test('cosigns the same again without a proof', async () => {
    await witnessedLog([witness]).cosign(7)
    const log = witnessedLog([witness])
    expect(await log.cosign(7, noTiles)).toHaveLength(1)
    expect(await log.cosign(7, noTiles)).toHaveLength(1)
    expect(olds()).toEqual(['old 0', 'old 0', 'old 7', 'old 7'])
    expect(witness.requests.at(-1)).toMatch(/^old 7\n\nexample\.com\//)
  })

  test('that lost its memory is asked from what it remembers', async () => {
    const log = witnessedLog([witness])
    await log.cosign(7)
    witness.heads.clear()
    expect(await log.cosign(12)).toHaveLength(1)
    expect(olds()).toEqual(['old 0', 'old 7', 'old 0'])
  })

  test('whose answer was lost cosigns once more', async () => {
    const log = witnessedLog([witness])
    await log.cosign(3)
    witness.after = () => {
      witness.after = (answer) => answer
      return new Response('busy', { status: 503 })
    }
    expect(await log.cosign(9)).toHaveLength(1)
    expect(olds()).toEqual(['old 0', 'old 3', 'old 3', 'old 9'])
    expect(log.refusals).toEqual([])
  })

  test('that others ask meanwhile is asked from where they left it', async () => {
    const log = witnessedLog([witness])
    await log.cosign(3)
    const other = witnessedLog([witness])
    witness.before = async () => {
      witness.before = () => undefined
      await other.cosign(5)
      return undefined
    }
    expect(await log.cosign(9)).toHaveLength(1)
    expect(witness.statuses.at(-1)).toBe(200)
    expect(log.refusals).toEqual([])
  })

  test('stands for itself alone: others fail, and it does not', async () => {
    const second = await start('witness.example/w2')
    const log = witnessedLog([second, witness])
    second.before = () => new Response('no', { status: 500 })
    expect((await log.cosign(4))?.map(({ name }) => name)).toEqual([witness.key.name])
    expect(log.refusals.map((refusal) => refusal.witness)).toEqual([second.key.name])
    await second.close()
  })
})

describe('a witness that knows another log', () => {
  test('speaks against a log that is shorter than what it cosigned', async () => {
    await witnessedLog([witness]).cosign(20)
    const rolledBack = witnessedLog([witness])
    expect(await rolledBack.cosign(10)).toEqual([])
    expect(await rolledBack.cosign(11)).toEqual([])
    expect(rolledBack.refusals.map(({ size, problem }) => [size, problem])).toEqual([
      [10, { problem: 'witness-ahead', size: 20 }],
      [11, { problem: 'witness-ahead', size: 20 }],
    ])
    const [refusal] = rolledBack.refusals
    expect(refusal !== undefined && speaksAgainstLog(refusal)).toBe(true)
    expect(refusal !== undefined && refusalText(refusal)).toBe(
      'the witness `witness.example/w1` has cosigned `20` leaves, and the checkpoint has `10`: the log was rolled back, unless another sealer was faster',
    )
    expect(witness.heads.get(logKey.name)?.size).toBe(20)
  })

  test('says how far it is to whoever knows it already', async () => {
    const log = witnessedLog([witness])
    await log.cosign(20)
    expect(await log.cosign(10)).toEqual([])
    expect(log.refusals.map(({ problem }) => problem)).toEqual([
      { problem: 'witness-ahead', size: 20 },
    ])
    expect(await log.cosign(21)).toHaveLength(1)
  })

  test.each([
    ['longer', 30],
    ['as long', 20],
  ])('speaks against a log that is %s and has other leaves', async (_name, size) => {
    await witnessedLog([witness]).cosign(20)
    const leaves = numberedLeaves(60).slice(20)
    const forked = witnessedLog([witness], { leaves })
    expect(await forked.cosign(size)).toEqual([])
    const [refusal, ...more] = forked.refusals
    expect(more).toEqual([])
    expect(refusal?.problem).toEqual({ problem: 'witness-other-tree', size: 20 })
    expect(refusal !== undefined && speaksAgainstLog(refusal)).toBe(true)
    expect(refusal !== undefined && refusalText(refusal)).toContain('the log was changed')
  })

  test('is told from one that the log has no proof for', async () => {
    const log = witnessedLog([witness])
    await log.cosign(5)
    expect(await log.cosign(6, noTiles)).toEqual([])
    expect(log.refusals[0]?.problem).toEqual({ problem: 'witness-proof-missing', size: 5 })
    expect(witness.requests).toHaveLength(1)
  })

  test.each([
    [403, 'does not trust the keys of the log'],
    [404, 'does not know the log'],
    [400, 'refuses the checkpoint'],
  ])('refuses it with %d', async (status, words) => {
    witness.before = () => new Response('words of its own', { status })
    const log = witnessedLog([witness])
    expect(await log.cosign(5)).toEqual([])
    const [refusal] = log.refusals
    expect(refusal?.problem).toEqual({ problem: 'witness-refused', status })
    expect(refusal !== undefined && speaksAgainstLog(refusal)).toBe(false)
    expect(refusal !== undefined && refusalText(refusal)).toContain(words)
    expect(refusal !== undefined && refusalText(refusal)).not.toContain('of its own')
    expect(witness.requests).toHaveLength(1)
  })
})

describe('terms', () => {
  const witnessesOf = tlogWitnesses({ onRefusal: () => {} })

  test('without witnesses are no witnesses', () => {
    expect(witnessesOf({ witnesses: [], quorum: 0 })).toBeUndefined()
  })

  test('give keys and quorum', () => {
    const { keys, quorum } = witnessesOf({ witnesses: [witness.terms], quorum: 1 }) ?? {}
    expect(keys?.map(encodeVerifierKey)).toEqual([witness.terms.key])
    expect(quorum).toBe(1)
  })

  test('that count one key twice are refused', () => {
    const elsewhere = { ...witness.terms, url: 'https://elsewhere.example' }
    const terms = { witnesses: [witness.terms, elsewhere], quorum: 2 }
    expect(() => witnessesOf(terms)).toThrow('two witnesses have one key')
  })

  test.each([
    ['plain HTTP elsewhere', { url: 'http://witness.example' }],
    ['a name and password', { url: 'https://name:secret@witness.example' }],
    ['no key', { key: 'witness' }],
    ['the key of a log', { key: encodeVerifierKey(logKey) }],
  ])('with %s are refused', (_name, changed) => {
    const terms = { witnesses: [{ ...witness.terms, ...changed }], quorum: 1 }
    expect(() => witnessesOf(terms)).toThrow('no witness')
  })

  test('a proof longer than any is not sent', () => {
    const proof = Array.from({ length: 64 }, () => Buffer.alloc(32))
    expect(() => encodeAddCheckpoint({ old: 1, proof, note: Buffer.of() })).toThrow(RangeError)
  })
})
