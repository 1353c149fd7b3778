import { canonicalJson } from '../../shared/kernel/canonical-json.ts'
import type { BundleLine, BundleScope, EndLine } from '../../shared/recording/bundle/bundle-line.ts'
import { lineWriter } from '../../shared/recording/bundle/encode-line.ts'
import { encodeBase64 } from '../../shared/tlog/base64.ts'
import { leafHash } from '../../shared/tlog/hash.ts'
import { naivePath } from './naive-tree.ts'
import { type Kept, type RecordLog, ORIGIN, leafOf } from './record-log.ts'

/** A line before the last. */
export type Line = Exclude<BundleLine, EndLine>

/** The lines of a bundle, as an exporter writes them. */
export async function bundleOf(
  log: RecordLog,
  scope: BundleScope,
  {
    deleted = [],
    size = log.sealed.length,
    opened = true,
  }: {
    readonly deleted?: readonly number[]
    readonly size?: number
    readonly opened?: boolean
  } = {},
): Promise<readonly Line[]> {
  const leaves = log.sealed.slice(0, size)
  const hashes = leaves.map((kept) => leafHash(leafOf(kept)))
  const proofOf = (index: number) =>
    'all' in scope ? {} : { proof: naivePath(index, hashes).map(encodeBase64) }
  const wanted = leaves.map((kept) => 'all' in scope || isIn(kept, scope))
  const writers = new Set(
    leaves.flatMap(({ stamp }, i) => (wanted[i] === true ? [stamp.stamp.writer] : [])),
  )
  const lines: Line[] = [
    {
      t: 'sluice-bundle/v1',
      log: ORIGIN,
      size,
      scope,
      made: log.time.now + 1_000,
      private: opened,
    },
    { t: 'checkpoint', note: await log.note(size) },
  ]
  for (const [index, kept] of leaves.entries()) {
    const isOpening = kept.type === 'writer-opened' && writers.has(kept.stamp.stamp.writer)
    if (wanted[index] !== true && !isOpening) continue
    if (deleted.includes(index))
      lines.push({
        t: 'leaf',
        index,
        leaf: leafOf(kept).toString(),
        why: 'deleted',
        ...proofOf(index),
      })
    else lines.push(entryLine(kept, index, proofOf(index)), ...privateLine(kept, opened))
  }
  for (const kept of log.waiting)
    if ('all' in scope || isIn(kept, scope))
      lines.push({ t: 'unsealed', ...storedLine(kept) }, ...privateLine(kept, opened))
  return lines
}

/** The bytes of these lines and of an end that fits them. */
export function encodeBundle(lines: readonly Line[]): Buffer {
  const writer = lineWriter()
  const bytes = lines.map((line) => writer.line(line))
  return Buffer.concat([...bytes, writer.end()])
}

/** The line of an entry at this place in the log. */
function entryLine(kept: Kept, index: number, proof: { readonly proof?: readonly string[] }): Line {
  return { t: 'entry', index, ...storedLine(kept), ...proof }
}

function storedLine({ text, stamp, committed, ciphertext }: Kept) {
  return {
    entry: text,
    stamp: canonicalJson(stamp.stamp),
    signature: encodeBase64(stamp.signature),
    committed,
    ...(ciphertext && { ciphertext: encodeBase64(ciphertext) }),
  }
}

function privateLine({ id, opened: part }: Kept, opened: boolean): readonly Line[] {
  return opened && part !== undefined
    ? [{ t: 'private', id, facts: part.facts, salt: encodeBase64(part.salt) }]
    : []
}

function isIn({ entry, committed }: Kept, scope: Exclude<BundleScope, { all: true }>): boolean {
  const session = entry['session'] as string | { readonly id: string } | undefined
  const { from = -Infinity, to = Infinity } = scope
  return (
    (scope.session === undefined ||
      (typeof session === 'string' ? session : session?.id) === scope.session) &&
    (scope.call === undefined || entry['call'] === scope.call) &&
    committed >= from * 1000 &&
    committed < to * 1000
  )
}
