import { hash } from 'node:crypto'
import { gzipSync } from 'node:zlib'

import { canonicalJson } from '../../kernel/canonical-json.ts'
import { encodeBase64 } from '../../tlog/base64.ts'
import type { RawEntry } from '../entry-store.ts'
import { encodeLeaf } from '../leaf.ts'
import type { Judged } from './judge-entries.ts'
import { archivePath } from './log-paths.ts'

/** An object to be published. */
export interface NewObject {
  readonly path: string
  readonly bytes: Buffer
}

/** Whole entries of one class, and what the manifest says of them. */
export interface Archived extends NewObject {
  readonly sha256: string
  readonly entries: number
}

/** What is archived of a batch whose first leaf is `from`, by class, with the classes in the order of the entries. */
export function archiveOf(
  judged: readonly Judged[],
  classes: readonly string[],
  { batch, from }: { readonly batch: number; readonly from: number },
): readonly Archived[] {
  const lines = new Map<string, string[]>()
  let sound = 0
  for (const [place, each] of judged.entries()) {
    const name = each.entry === undefined ? INVALID : classes[sound++]
    if (name === undefined) throw new Error('an entry has no retention class')
    const ofClass = lines.get(name) ?? []
    lines.set(name, ofClass)
    ofClass.push(lineOf(each, from + place))
  }
  return [...lines].map(([name, of]) => {
    const bytes = gzipSync(of.join(''))
    const sha256 = hash('sha256', bytes, 'hex')
    return { path: archivePath(name, batch), bytes, sha256, entries: of.length }
  })
}

/** A line as a bundle has it, without proof. FORMAT.md §7. */
export function entryLine(raw: Omit<RawEntry, 'id'>, index: number): string {
  const { bytes, stamp, signature, committedAt, ciphertext } = raw
  return `${canonicalJson({
    t: 'entry',
    index,
    entry: bytes.toString(),
    stamp,
    signature: encodeBase64(signature),
    committed: committedAt,
    ciphertext: ciphertext && encodeBase64(ciphertext),
  })}\n`
}

/** What is no entry is evidence: it is kept as it was found, until policy lets go of everything. */
const INVALID = 'invalid'

function lineOf({ raw, entry, leaf }: Judged, index: number): string {
  if (entry !== undefined) return entryLine(raw, index)
  const [bytes, signature] = [raw.bytes, raw.signature].map((each) => encodeBase64(each))
  const found = { bytes, signature, stamp: encodeBase64(Buffer.from(raw.stamp)) }
  const text = encodeLeaf(leaf).toString()
  return `${canonicalJson({ t: 'leaf', index, leaf: text, why: 'invalid', found })}\n`
}
