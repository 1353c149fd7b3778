import { encodeBase64 } from '../../tlog/base64.ts'
import { proveConsistency, proveInclusion } from '../../tlog/prove.ts'
import type { EntryLine, LeafLine, PrivateLine, UnsealedLine } from '../bundle/bundle-line.ts'
import { lineWriter } from '../bundle/encode-line.ts'
import type { RawEntry } from '../entry-store.ts'
import type { FoundLeaf } from '../log/find-leaf.ts'
import { hashesOf } from '../log/read-log.ts'
import { batchesOf } from './batches.ts'
import { withWriters } from './beside.ts'
import type { ExportPorts, ExportRequest } from './export-ports.ts'
import type { ExportedTree } from './exported-tree.ts'
import { type WhyGone, whyGone } from './gone.ts'
import { inGroups } from './in-groups.ts'
import { openedFacts } from './opened-facts.ts'
import { rememberedHashes } from './remembered.ts'
import { type Selection, select } from './selection.ts'

/** What a bundle is made of. */
export interface BundleRequest extends ExportRequest {
  /** Size of the log at an earlier checkpoint, to be shown that it only grew since; undefined for none. */
  readonly previous: number | undefined
}

const AT_ONCE = 64

/**
 * The lines of a bundle, as bytes with their LF; the last one is the end. FORMAT.md §7. Nothing of it is made up for what
 * does not fit: whatever is stored is in it, for the reader to verify. Rejects when log, store or secrets cannot be read:
 * what came until then has no end.
 */
export async function* bundleLines(
  ports: ExportPorts,
  tree: ExportedTree,
  { scope, withPrivate, previous }: BundleRequest,
): AsyncGenerator<Buffer> {
  const { log, size, note } = tree
  const writer = lineWriter()
  const batches = await batchesOf(tree)
  const chosen = await select(tree, batches, scope)
  const selection = await withWriters(tree, batches, scope, chosen)
  const hashes = rememberedHashes(hashesOf(tree.objects, size), size)
  const made = ports.clock()
  yield writer.line({ t: 'sluice-bundle/v1', log, size, scope, made, private: withPrivate })
  yield writer.line({ t: 'checkpoint', note })
  if (previous !== undefined && previous > 0 && previous < size) {
    const proof = texts(await proveConsistency(previous, size, hashes))
    yield writer.line({ t: 'consistency', from: previous, proof })
  }
  const proofOf = async (index: number): Promise<{ readonly proof?: readonly string[] }> =>
    'all' in scope ? {} : { proof: texts(await proveInclusion(index, size, hashes)) }
  const why = whyGone(tree, batches)
  for await (const { found, raw } of stored(selection)) {
    const proof = await proofOf(found.index)
    if (raw === undefined || found.leaf.k === 'invalid')
      yield writer.line({ ...(await leafLine(found, why)), ...proof })
    else {
      // By the log: of manifests the store has another time.
      const { c: committed } = found.leaf
      yield writer.line({ t: 'entry', index: found.index, ...storedLine(raw, committed), ...proof })
      if (withPrivate) for (const line of await privateLines(ports, raw)) yield writer.line(line)
    }
  }
  for await (const raw of selection.unsealed()) {
    yield writer.line({ t: 'unsealed', ...storedLine(raw, raw.committedAt) })
    if (withPrivate) for (const line of await privateLines(ports, raw)) yield writer.line(line)
  }
  yield writer.end()
}

interface Stored {
  readonly found: FoundLeaf
  /** Undefined when there is nothing. */
  readonly raw: RawEntry | undefined
}

async function* stored(selection: Selection): AsyncGenerator<Stored> {
  for await (const group of inGroups(selection.sealed(), AT_ONCE)) {
    const raws = await selection.lookUp(group)
    for (const [place, found] of group.entries()) yield { found, raw: raws[place] }
  }
}

async function leafLine(found: FoundLeaf, why: WhyGone): Promise<LeafLine> {
  const { index, leaf, bytes } = found
  const text = Buffer.from(bytes).toString()
  return { t: 'leaf', index, leaf: text, why: leaf.k === 'invalid' ? 'invalid' : await why(found) }
}

function storedLine(
  { bytes, stamp, signature, ciphertext }: RawEntry,
  committed: number,
): Omit<EntryLine, 't' | 'index'> & Omit<UnsealedLine, 't'> {
  return {
    entry: bytes.toString(),
    // Attacker-controlled: whoever can write to the store. It must not keep the export from ending.
    stamp: stamp.toWellFormed(),
    signature: encodeBase64(signature),
    committed,
    ciphertext: ciphertext && encodeBase64(ciphertext),
  }
}

async function privateLines(
  { secrets }: ExportPorts,
  raw: RawEntry,
): Promise<readonly PrivateLine[]> {
  const opened = await openedFacts(secrets, raw)
  if (opened === undefined) return []
  return [{ t: 'private', id: raw.id, facts: opened.facts, salt: encodeBase64(opened.salt) }]
}

type Proof = Awaited<ReturnType<typeof proveInclusion<{ readonly problem: string }>>>

function texts(proof: Proof): readonly string[] {
  if (!proof.ok) throw new Error(`no proof: ${proof.error.problem}`)
  return proof.value.map((hash) => encodeBase64(hash))
}
