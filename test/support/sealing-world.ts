import { createHash, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'

import { canonicalJson } from '../../shared/kernel/canonical-json.ts'
import { encodeEntry, stampEntry } from '../../shared/recording/encode-entry.ts'
import type {
  EntryStore,
  KeptEntry,
  RawEntry,
  StoredEntry,
} from '../../shared/recording/entry-store.ts'
import type { LogSigners } from '../../shared/recording/log/log-signers.ts'
import { type SealedLog, usualLimits } from '../../shared/recording/log/sealed-log.ts'
import type { WriterAuthority } from '../../shared/recording/writer-certificate.ts'
import { type Writer, certifiedWriter } from '../../shared/recording/writer.ts'
import { writers } from '../../shared/recording/writers.ts'
import { type Gate, type MemoryLogObjects, memoryLogObjects, memoryLogState } from './memory-log.ts'
import { noteSigner } from './note-keys.ts'

export const ORIGIN = 'example.com/sluice'

/** Epoch milliseconds at which the worlds of these tests begin. */
export const START = Date.UTC(2026, 10, 21, 9)

/** Keys are slow to make, and every world may have the same. */
export const logSigners: LogSigners = {
  ed25519: noteSigner('ed25519', ORIGIN),
  p256: noteSigner('ecdsa-p256', ORIGIN),
}

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
export const authorityKey = createPublicKey(privateKey)

/** The key that vouches for writers. */
export const authority: WriterAuthority = {
  id: createHash('sha256')
    .update(authorityKey.export({ format: 'der', type: 'spki' }))
    .digest('hex'),
  sign: (message) => Promise.resolve(sign('sha256', message, privateKey)),
}

/** What is in the store of a world, and what sealers see of it. */
export interface SealingStore extends Pick<EntryStore, 'committed' | 'create' | 'get'> {
  readonly raw: ReadonlyMap<string, RawEntry>
  /** Puts something there that nobody need believe. Seen from `visibleAt` on, epoch microseconds. */
  put(raw: RawEntry, visibleAt?: number): void
  /** Puts an entry there at a commit time, epoch microseconds. */
  keep(stored: StoredEntry, committedAt: number, visibleAt?: number): void
  /** Takes it out, as retention does. */
  take(id: string): void
}

export interface SealingWorld {
  readonly store: SealingStore
  readonly objects: MemoryLogObjects
  readonly state: ReturnType<typeof memoryLogState>
  /** Epoch milliseconds; tests move it. */
  now: number
  /** A sealer with a writer of its own, on the parts of this world. */
  sealer(changed?: Partial<SealedLog>): SealedLog
}

/** A log that nobody has sealed anything in. What it stores is seen so many microseconds later. */
export function sealingWorld(gate?: Gate, unseenFor: () => number = () => 0): SealingWorld {
  const objects = memoryLogObjects(gate)
  const state = memoryLogState(gate)
  let last = 0
  const world: SealingWorld = {
    objects,
    state,
    now: START,
    store: sealingStore(
      () => (last = Math.max(last + 1, world.now * 1000)),
      () => world.now * 1000,
      unseenFor,
      gate,
    ),
    sealer: (changed) => {
      const { store } = world
      const clock = () => world.now
      return {
        entries: store,
        objects,
        state,
        signers: logSigners,
        writers: writers({ log: ORIGIN, entries: store, authority, clock, sleep: async () => {} }),
        authorities: [{ publicKey: authorityKey }],
        witnesses: undefined,
        classesOf: async (entries) => entries.map(() => 'default'),
        clock,
        limits: usualLimits,
        ...changed,
      }
    },
  }
  return world
}

/** A writer of the world, whose opening is kept at this commit time and seen from then on, epoch microseconds. */
export async function openedWriter(
  world: SealingWorld,
  committedAt: number,
  visibleAt?: number,
): Promise<Writer> {
  const clock = () => world.now
  const certified = await certifiedWriter({ log: ORIGIN, authority, clock, instance: undefined })
  const { writer, opened } = certified
  world.store.keep(stampEntry(writer, encodeEntry(opened)), committedAt, visibleAt)
  return writer
}

/** An entry that needs no other one. */
export function someEntry(writer: Pick<Writer, 'stamp'>, id: string, at: number): StoredEntry {
  const entry = encodeEntry({
    v: 1,
    type: 'configuration-changed',
    id,
    at,
    what: 'policy',
    before: undefined,
    after: 'a digest',
    text: undefined,
    by: undefined,
  })
  return stampEntry(writer, entry)
}

function sealingStore(
  commitTime: () => number,
  now: () => number,
  unseenFor: () => number,
  gate: Gate = async (effect) => effect(),
): SealingStore {
  const raw = new Map<string, RawEntry>()
  const kept = new Map<string, KeptEntry>()
  const visible = new Map<string, number>()
  const put = (entry: RawEntry, visibleAt = 0) => {
    raw.set(entry.id, entry)
    visible.set(entry.id, visibleAt)
  }
  const keep = (stored: StoredEntry, committedAt: number, visibleAt?: number) => {
    const { entry, bytes, stamp, ciphertext } = stored
    const { signature } = stamp
    const text = canonicalJson(stamp.stamp)
    put({ id: entry.id, committedAt, bytes, stamp: text, signature, ciphertext }, visibleAt)
    kept.set(entry.id, { ...stored, committedAt })
  }
  return {
    raw,
    put,
    keep,
    take: (id) => {
      raw.delete(id)
      kept.delete(id)
    },
    create: (stored) =>
      gate(() => {
        const existing = kept.get(stored.entry.id)
        if (existing === undefined) {
          const committedAt = commitTime()
          keep(stored, committedAt, committedAt + unseenFor())
          return 'created'
        }
        const isSame =
          existing.bytes.equals(stored.bytes) &&
          canonicalJson(existing.stamp.stamp) === canonicalJson(stored.stamp.stamp)
        return isSame ? 'created' : { existing }
      }),
    get: (id) => gate(() => kept.get(id)),
    committed: ({ at, after }, limit) =>
      gate(() =>
        [...raw.values()]
          .filter(
            ({ id, committedAt }) =>
              (visible.get(id) ?? 0) <= now() &&
              (committedAt > at || (committedAt === at && (after === undefined || id > after))),
          )
          .toSorted((a, b) => a.committedAt - b.committedAt || (a.id < b.id ? -1 : 1))
          .slice(0, limit),
      ),
  }
}
