import { canonicalJson } from '../../kernel/canonical-json.ts'
import { decodeHash, encodeBase64 } from '../../tlog/base64.ts'
import { emptyRoot } from '../../tlog/hash.ts'
import {
  HEX_HASH,
  type Members,
  WRITER_ID,
  canonicalMembers,
  countIn,
  countOf,
  listIn,
  objectsIn,
  readMembers,
  textIn,
} from './members.ts'
import type { WriterNumbers } from './writer-numbers.ts'

/** What sealers have to know of the log to append to it. Everything else is in the log. */
export interface SealerState {
  readonly size: number
  /** Root hash, 32 bytes. */
  readonly root: Uint8Array
  /** How many batches there are. */
  readonly batches: number
  /** Up to which commit time everything durable is sealed, epoch microseconds. */
  readonly until: number
  /** When the last batch was made, epoch milliseconds. */
  readonly sealedAt: number
  /**
   * From which commit time on the store is read again, epoch microseconds: what it shows late is later than that. Every
   * leaf with such a `c` is in `recent` or behind it.
   */
  readonly covered: number
  /** Batches with such leaves: first leaf, and the latest commit time in it. */
  readonly recent: readonly { readonly from: number; readonly last: number }[]
  /** Those whose certificates are not over yet. */
  readonly writers: ReadonlyMap<string, KnownWriter>
}

/** What is known of a writer. */
export interface KnownWriter {
  /** Undefined while its `writer-opened` is not sealed. */
  readonly certificate: Certified | undefined
  /** Undefined while none of its entries is sealed. */
  readonly numbers: WriterNumbers | undefined
}

/** Whose stamps are believed, and when. */
export interface Certified {
  /** Ed25519, 32 bytes, base64. */
  readonly publicKey: string
  /** Epoch milliseconds, both included. */
  readonly from: number
  readonly until: number
}

/** Of a log without leaves. */
export const emptyState: SealerState = {
  size: 0,
  root: emptyRoot(),
  batches: 0,
  until: 0,
  sealedAt: 0,
  covered: 0,
  recent: [],
  writers: new Map(),
}

/** The state as it is kept. */
export function encodeState({ root, writers, ...state }: SealerState): Buffer {
  return Buffer.from(
    canonicalJson({
      v: 1,
      ...state,
      root: encodeBase64(root),
      writers: [...writers].map(([writer, known]) => ({ writer, ...known })),
    }),
  )
}

/** The state in these bytes. Throws when no sealer wrote them. */
export function parseState(bytes: Uint8Array): SealerState {
  const state = readMembers(canonicalMembers(bytes), read)
  if (state === undefined) throw new Error('what sealers share is no state of a log')
  return state
}

function read(members: Members): SealerState {
  const root = decodeHash(textIn(members, 'root'))
  if (root === undefined || members.get('v') !== 1) throw new TypeError('another version')
  return {
    size: countIn(members, 'size'),
    root,
    batches: countIn(members, 'batches'),
    until: countIn(members, 'until'),
    sealedAt: countIn(members, 'sealedAt'),
    covered: countIn(members, 'covered'),
    recent: objectsIn(members, 'recent', (each) => ({
      from: countIn(each, 'from'),
      last: countIn(each, 'last'),
    })),
    writers: new Map(
      objectsIn(members, 'writers', (each) => [textIn(each, 'writer', WRITER_ID), knownIn(each)]),
    ),
  }
}

function knownIn(members: Members): KnownWriter {
  const [certificate] = maybe(members, 'certificate', (each) => ({
    publicKey: textIn(each, 'publicKey'),
    from: countIn(each, 'from'),
    until: countIn(each, 'until'),
  }))
  const [numbers] = maybe(members, 'numbers', (each) => ({
    number: countIn(each, 'number'),
    stamp: textIn(each, 'stamp', HEX_HASH),
    missing: listIn(each, 'missing', span),
  }))
  return { certificate, numbers }
}

function span(value: unknown): readonly [number, number] {
  const [first, last]: readonly unknown[] = Array.isArray(value) ? value : []
  return [countOf(first, 'missing'), countOf(last, 'missing')]
}

function maybe<T>(members: Members, name: string, of: (members: Members) => T): readonly T[] {
  return members.has(name) ? objectsIn(new Map([[name, [members.get(name)]]]), name, of) : []
}
