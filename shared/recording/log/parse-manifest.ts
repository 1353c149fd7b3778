import { canonicalJson } from '../../kernel/canonical-json.ts'
import type { SealedBatchEntry } from '../upkeep-entry.ts'
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

/** Id of the manifest of a batch. */
export function manifestId(batch: number): string {
  return `batch~${batch}`
}

/** Number of the batch whose manifest has this id; undefined for every other id. */
export function batchOf(id: string): number | undefined {
  const number = Number(/^batch~(0|[1-9]\d{0,15})$/.exec(id)?.[1])
  return Number.isSafeInteger(number) ? number : undefined
}

/** The manifest in an entry's bytes; undefined unless they are the canonical JSON of one. */
export function parseManifest(bytes: Uint8Array): SealedBatchEntry | undefined {
  const manifest = readMembers(canonicalMembers(bytes), read)
  if (manifest === undefined || manifest.id !== manifestId(manifest.batch)) return undefined
  return Buffer.from(canonicalJson(manifest)).equals(bytes) ? manifest : undefined
}

function read(members: Members): SealedBatchEntry {
  const counts = (name: string) => listIn(members, name, (value) => countOf(value, name))
  return {
    v: 1,
    type: 'sealed-batch',
    id: textIn(members, 'id'),
    at: countIn(members, 'at'),
    batch: countIn(members, 'batch'),
    from: countIn(members, 'from'),
    size: countIn(members, 'size'),
    until: countIn(members, 'until'),
    root: textIn(members, 'root'),
    writers: objectsIn(members, 'writers', (each) => ({
      ...numberOf(each),
      stamp: textIn(each, 'stamp', HEX_HASH),
    })),
    missing: objectsIn(members, 'missing', numberOf),
    late: counts('late'),
    invalid: counts('invalid'),
    archive: objectsIn(members, 'archive', (each) => ({
      path: textIn(each, 'path'),
      sha256: textIn(each, 'sha256', HEX_HASH),
      entries: countIn(each, 'entries'),
    })),
  }
}

function numberOf(members: Members) {
  return { writer: textIn(members, 'writer', WRITER_ID), number: countIn(members, 'number') }
}
