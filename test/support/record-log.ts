import { createHash, generateKeyPairSync, sign } from 'node:crypto'

import { canonicalJson } from '../../shared/kernel/canonical-json.ts'
import type { Trust } from '../../shared/recording/bundle/trust.ts'
import { entryHash } from '../../shared/recording/encode-entry.ts'
import { encodeLeaf } from '../../shared/recording/leaf.ts'
import type { PrivateFacts } from '../../shared/recording/private-facts.ts'
import { openPart, sealPart } from '../../shared/recording/private-part.ts'
import { type SignedStamp, stampHash, stampMessage } from '../../shared/recording/stamp.ts'
import { type Writer, certifiedWriter } from '../../shared/recording/writer.ts'
import { encodeBase64 } from '../../shared/tlog/base64.ts'
import { encodeCheckpoint } from '../../shared/tlog/checkpoint.ts'
import { emptyRange, extendRange, rootOf } from '../../shared/tlog/compact-range.ts'
import { leafHash } from '../../shared/tlog/hash.ts'
import { encodeNote } from '../../shared/tlog/note.ts'
import { cosignNote, signNote } from '../../shared/tlog/sign-note.ts'
import { noteSigner } from './note-keys.ts'

export const ORIGIN = 'sluice.example/record'
/** A Friday, 8:00 in UTC. */
const BEGUN = Date.UTC(2026, 10, 20, 8)

/** An entry as a store has it. */
export interface Kept {
  readonly id: string
  readonly type: string
  readonly entry: Readonly<Record<string, unknown>>
  readonly text: string
  readonly hash: string
  readonly stamp: SignedStamp
  readonly committed: number
  readonly ciphertext: Buffer | undefined
  readonly opened: { readonly facts: string; readonly salt: Buffer } | undefined
}

/** A log with real keys, in memory, that does what it is told. */
export type RecordLog = Awaited<ReturnType<typeof recordLog>>

/** `begun`: its clock starts then. */
export async function recordLog(begun = BEGUN) {
  const keys = {
    ed25519: noteSigner('ed25519', ORIGIN),
    p256: noteSigner('ecdsa-p256', ORIGIN),
    witness: noteSigner('ed25519-cosignature', 'witness.example/w1'),
    authority: generateKeyPairSync('ec', { namedCurve: 'prime256v1' }),
  }
  const spki = keys.authority.publicKey.export({ format: 'der', type: 'spki' })
  const authority = {
    id: createHash('sha256').update(spki).digest('hex'),
    sign: (message: Uint8Array) =>
      Promise.resolve(sign('sha256', message, keys.authority.privateKey)),
  }
  const trust: Trust = {
    origin: ORIGIN,
    keys: [keys.ed25519.key, keys.p256.key],
    witnesses: [keys.witness.key],
    quorum: 1,
    authorities: [
      { id: authority.id, publicKey: encodeBase64(spki), from: undefined, until: undefined },
    ],
  }
  const time = { now: begun, micros: 0 }
  const sealed: Kept[] = []
  const tree = growingTree()
  const numbers = numbersOf()
  const append = (kept: readonly Kept[]): void => {
    sealed.push(...kept)
    tree.add(kept)
    for (const each of kept) numbers.add(each)
  }
  const waiting: Kept[] = []
  const batches: { readonly until: number; readonly size: number }[] = []

  const keep = (
    writer: Writer,
    entry: Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string },
    facts?: PrivateFacts,
  ): Kept => {
    time.now += 400
    time.micros = (time.micros + 137) % 1000
    const { id, type } = entry
    const secret = {
      id: `${secretOf(entry['session'])}.1`,
      secret: Buffer.alloc(32, id),
    }
    const part = facts && sealPart(id, facts, secret)
    const whole = { v: 1, at: time.now, ...entry, ...(part && { private: part.part }) }
    const text = canonicalJson(whole)
    const hash = entryHash(Buffer.from(text))
    return {
      id,
      type,
      entry: whole,
      text,
      hash,
      stamp: writer.stamp({ id, hash }),
      committed: (time.now + 12) * 1000 + time.micros,
      ciphertext: part?.ciphertext,
      opened: part && openPart(id, part, secret.secret),
    }
  }
  const openWriter = async (): Promise<Writer> => {
    const { writer, opened } = await certifiedWriter({
      log: ORIGIN,
      authority,
      clock: () => time.now,
      instance: 'gateway-00042',
    })
    waiting.push(keep(writer, { ...opened, at: time.now + 400 }))
    return writer
  }
  const sealer = await openWriter()

  return {
    keys,
    trust,
    time,
    sealed,
    waiting,
    authority,
    openWriter,
    keep,
    /** Writes an entry that is sealed with the next batch. */
    write(...of: Parameters<typeof keep>): Kept {
      const kept = keep(...of)
      waiting.push(kept)
      return kept
    },
    /** Seals what waits but for these. */
    seal({ without = [], tamper = (manifest) => manifest }: SealOptions = {}): void {
      const taken = waiting
        .splice(0)
        .toSorted((a, b) => a.committed - b.committed || (a.id < b.id ? -1 : 1))
      const late = taken.filter(({ id }) => without.includes(id))
      const batch = taken.filter((kept) => !late.includes(kept))
      waiting.push(...late)
      const from = sealed.length
      const before = batches.at(-1)?.until ?? 0
      append(batch)
      const wrote = [...new Set(batch.map(({ stamp }) => stamp.stamp.writer))].toSorted()
      const size = sealed.length + 1
      const until = batch.reduce((last, { committed }) => Math.max(last, committed), before)
      time.now += 5_000
      const manifest = keep(sealer, {
        type: 'sealed-batch',
        id: `batch~${batches.length}`,
        ...tamper({
          batch: batches.length,
          from,
          size,
          until,
          root: encodeBase64(tree.root()),
          writers: wrote.map((writer) => numbers.head(writer)),
          missing: numbers.missing(),
          late: batch.flatMap(({ committed }, i) => (committed < before ? [from + i] : [])),
          invalid: [],
          archive: [],
        }),
      })
      append([{ ...manifest, committed: Number(manifest.entry['at']) * 1000 }])
      batches.push({ until, size })
    },
    /** The checkpoint of the first leaves, signed by the log and cosigned. */
    async note(size = sealed.length): Promise<string> {
      const root = rootOver(sealed.slice(0, size))
      const text = encodeCheckpoint({ origin: ORIGIN, size, root, extensions: [] })
      const signatures = await Promise.all([
        signNote(keys.ed25519.key, text, keys.ed25519.sign),
        signNote(keys.p256.key, text, keys.p256.sign),
        cosignNote(keys.witness.key, text, time.now, keys.witness.sign),
      ])
      return encodeNote({ text, signatures }).toString('utf8')
    },
  }
}

function secretOf(session: unknown): string {
  return typeof session === 'string' ? session : 'day-2026-11-20'
}

interface SealOptions {
  /** Ids of entries that the sealer does not see yet. */
  readonly without?: readonly string[]
  readonly tamper?: (manifest: Record<string, unknown>) => Record<string, unknown>
}

/** The bytes of an entry's leaf. */
export function leafOf({ id, type, hash, stamp, committed, entry }: Kept): Buffer {
  const part = entry['private'] as { readonly ciphertext: string } | undefined
  return encodeLeaf({
    t: 'sluice-leaf/v1',
    c: committed,
    e: hash,
    i: id,
    k: type,
    n: stamp.stamp.number,
    p: part?.ciphertext,
    s: stampHash(stampMessage(stamp.stamp)),
    w: stamp.stamp.writer,
  })
}

function rootOver(entries: readonly Kept[]): Uint8Array {
  return rootOf(
    extendRange(
      emptyRange,
      entries.map((kept) => leafHash(leafOf(kept))),
    ),
  )
}

function growingTree() {
  let range = emptyRange
  return {
    add(entries: readonly Kept[]) {
      range = extendRange(
        range,
        entries.map((kept) => leafHash(leafOf(kept))),
      )
    },
    root: () => rootOf(range),
  }
}

/** What a sealer remembers of writers. */
function numbersOf() {
  const heads = new Map<string, { writer: string; number: number; stamp: string }>()
  const missing = new Set<string>()
  return {
    add({ type, stamp: { stamp }, entry }: Kept) {
      const { writer, number } = stamp
      const highest = heads.get(writer)?.number ?? -1
      for (let skipped = highest + 1; skipped < number; skipped++)
        missing.add(`${writer} ${skipped}`)
      missing.delete(`${writer} ${number}`)
      if (number > highest)
        heads.set(writer, { writer, number, stamp: stampHash(stampMessage(stamp)) })
      if (type === 'writer-gap')
        for (const missed of entry['missed'] as { number: number }[])
          missing.delete(`${writer} ${missed.number}`)
    },
    head: (writer: string) => heads.get(writer),
    missing: () =>
      [...missing].toSorted().map((one) => {
        const [writer, number] = one.split(' ')
        return { writer, number: Number(number) }
      }),
  }
}
