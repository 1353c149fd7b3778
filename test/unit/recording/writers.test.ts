import { createPublicKey, verify } from 'node:crypto'

import { describe, expect, test } from 'vitest'
import { z } from 'zod'

import { createDurably } from '../../../shared/recording/recorder.ts'
import { stampHash, stampMessage } from '../../../shared/recording/stamp.ts'
import { certificateMessage } from '../../../shared/recording/writer-certificate.ts'
import { type Writers, writers } from '../../../shared/recording/writers.ts'
import { ed25519PublicKey } from '../../../shared/tlog/ed25519.ts'
import { memoryStore } from '../../support/memory-store.ts'
import { LOG, recorderParts, testAuthority } from '../../support/record-parts.ts'
import { sampleCallId, sampleRequest } from '../../support/sample-entries.ts'

const refuseToSign = () => Promise.reject(new Error('kms is down'))

const DAY_MS = 24 * 60 * 60_000

const certificate = z.object({
  writer: z.string(),
  publicKey: z.string(),
  from: z.number(),
  until: z.number(),
})

const sleep = async () => undefined

function world() {
  const store = memoryStore()
  const authority = testAuthority()
  const time = { now: 1_790_000_000_000 }
  const { entries } = store
  const clock = () => time.now
  const options = { log: LOG, entries, authority, clock, sleep }
  const recorderOf = (own: Writers) => ({
    ...recorderParts(),
    entries,
    writers: own,
    clock,
    sleep,
    random: (bytes: number) => Buffer.alloc(bytes),
  })
  const own = writers(options)
  let calls = 0
  return {
    store,
    authority,
    time,
    options,
    own,
    recorderOf,
    recorder: recorderOf(own),
    entry: () => sampleRequest({ call: sampleCallId((calls += 1)) }).entry,
  }
}

type World = ReturnType<typeof world>

/** Every stamp in the store, in order of its number. */
function stampsOf({ store }: World) {
  return store
    .stored()
    .map(({ stamp }) => stamp)
    .toSorted((a, b) => a.stamp.number - b.stamp.number)
}

test('the first entry of a writer is its certificate, and every stamp is signed with the key in it', async () => {
  const here = world()
  await createDurably(here.recorder, here.entry())
  await createDurably(here.recorder, here.entry())
  const [opened] = here.store.ofType('writer-opened')
  if (opened === undefined) throw new Error('no writer was opened')
  const message = certificateMessage(opened.certificate)
  const spki = createPublicKey({ key: here.authority.publicKey, format: 'der', type: 'spki' })
  expect(verify('sha256', message, spki, Buffer.from(opened.signature, 'base64'))).toBe(true)
  const { writer, publicKey, from, until } = certificate.parse(JSON.parse(opened.certificate))
  expect(writer).toBe(opened.writer)
  expect([from < opened.at, until - opened.at]).toEqual([true, DAY_MS + DAY_MS / 24])
  const key = ed25519PublicKey(Buffer.from(publicKey, 'base64'))
  if (key === undefined) throw new Error('no key')
  const stamps = stampsOf(here)
  expect(stamps).toHaveLength(3)
  let previous = stampHash(message)
  for (const [number, { stamp, signature }] of stamps.entries()) {
    expect(stamp).toMatchObject({ number, previous, writer, log: LOG })
    expect(verify(undefined, stampMessage(stamp), key, signature)).toBe(true)
    previous = stampHash(stampMessage(stamp))
  }
})

test('a hundred at once open one writer, and have numbers without a gap', async () => {
  const here = world()
  const all = Array.from({ length: 100 }, () => createDurably(here.recorder, here.entry()))
  expect((await Promise.all(all)).filter(({ ok }) => ok)).toHaveLength(100)
  expect(here.store.ofType('writer-opened')).toHaveLength(1)
  expect(stampsOf(here).map(({ stamp }) => stamp.number)).toEqual([...Array(101).keys()])
})

describe('a number that is not found', () => {
  test('because somebody wrote the same before is told, and theirs is as good as ours', async () => {
    const here = world()
    const other = here.recorderOf(writers({ ...here.options, authority: testAuthority() }))
    const entry = here.entry()
    const first = await createDurably(other, entry)
    const second = await createDurably(here.recorder, entry)
    expect(second.ok && 'ours' in second.value && second.value.ours.stamp).toEqual(
      first.ok && 'ours' in first.value && first.value.ours.stamp,
    )
    const [gap] = here.store.ofType('writer-gap')
    expect(gap).toMatchObject({ missed: [{ number: 1, reason: 'taken' }] })
    expect(here.store.ofType('request')).toHaveLength(1)
    const [missed] = gap?.missed ?? []
    const told = stampsOf(here).find(({ stamp }) => stamp.entry === gap?.id)
    expect(told?.stamp).toMatchObject({ number: 2, previous: missed?.stamp })
  })

  test('because no store holds it is told', async () => {
    const here = world()
    const tables = Array.from({ length: 400_000 }, () => Math.random().toString(36))
    const { entry } = sampleRequest({ tables })
    expect(await createDurably(here.recorder, entry)).toMatchObject({
      error: { problem: 'entry-too-large' },
    })
    expect(here.store.ofType('writer-gap')).toMatchObject([
      { missed: [{ number: 1, reason: 'too-large' }] },
    ])
    expect(here.store.ofType('request')).toEqual([])
  })

  test('or not for certain, because the store was down, is told by the next that gets through', async () => {
    const here = world()
    await createDurably(here.recorder, here.entry())
    here.store.failNext('after', { times: 3 })
    expect(await createDurably(here.recorder, here.entry())).toMatchObject({ ok: false })
    expect(here.store.ofType('writer-gap')).toEqual([])
    await createDurably(here.recorder, here.entry())
    expect(here.store.ofType('writer-gap')).toMatchObject([
      { missed: [{ number: 2, reason: 'unknown' }] },
    ])
  })

  test('over telling it is told as well', async () => {
    const here = world()
    const other = here.recorderOf(writers({ ...here.options, authority: testAuthority() }))
    const [one, another] = [here.entry(), here.entry()]
    for (const entry of [one, another]) await createDurably(other, entry)
    here.store.failNext('before', { type: 'writer-gap' })
    await createDurably(here.recorder, one)
    await createDurably(here.recorder, another)
    const gaps = here.store.ofType('writer-gap')
    expect(gaps.flatMap(({ missed }) => missed.map(({ number }) => number))).toEqual([1, 2, 3])
  })
})

test('while no writer can be opened nothing is written; then one is', async () => {
  const here = world()
  here.store.failNext('before', { times: 3 })
  expect(await createDurably(here.recorder, here.entry())).toMatchObject({
    error: { problem: 'store-unavailable' },
  })
  expect(here.store.stored()).toEqual([])
  expect(await createDurably(here.recorder, here.entry())).toMatchObject({ ok: true })
  expect(here.store.ofType('writer-opened')).toHaveLength(1)
})

test('an authority that cannot sign keeps everything from being written', async () => {
  const here = world()
  const own = writers({ ...here.options, authority: { ...here.authority, sign: refuseToSign } })
  const recorder = here.recorderOf(own)
  expect(await createDurably(recorder, here.entry())).toMatchObject({
    error: { problem: 'store-unavailable' },
  })
  expect(here.store.stored()).toEqual([])
})

test('after a day another writer goes on, and the one before it is closed by the next', async () => {
  const here = world()
  await createDurably(here.recorder, here.entry())
  here.time.now += DAY_MS
  await createDurably(here.recorder, here.entry())
  expect(here.store.ofType('writer-opened')).toHaveLength(2)
  expect(here.store.ofType('writer-closed')).toEqual([])
  here.time.now += DAY_MS
  await createDurably(here.recorder, here.entry())
  const [first, , third] = here.store.ofType('writer-opened')
  expect(here.store.ofType('writer-closed')).toMatchObject([{ writer: first?.writer }])
  const newest = here.store.stored().at(-1)?.stamp.stamp
  expect(newest).toMatchObject({ writer: third?.writer, number: 1 })
})

test('whoever closes says so, and writes no more', async () => {
  const here = world()
  await createDurably(here.recorder, here.entry())
  await here.own.close()
  expect(here.store.stored().at(-1)?.entry.type).toBe('writer-closed')
  const count = here.store.stored().length
  expect(await createDurably(here.recorder, here.entry())).toMatchObject({ ok: false })
  expect(here.store.stored()).toHaveLength(count)
})

test('closing a store that is down resolves all the same', async () => {
  const here = world()
  await createDurably(here.recorder, here.entry())
  here.store.failNext('before', { times: Infinity })
  await expect(here.own.close()).resolves.toBeUndefined()
  expect(here.store.ofType('writer-closed')).toEqual([])
})
