import { canonicalJson } from '../../kernel/canonical-json.ts'
import { decodeBase64, decodeHash, encodeBase64 } from '../../tlog/base64.ts'
import { entryHash } from '../encode-entry.ts'
import type { StoredEntry } from '../entry-store.ts'
import { parseStamp } from '../parse-stamp.ts'
import type { NewObject } from './archive.ts'
import type { Head } from './log-paths.ts'
import {
  type Members,
  canonicalMembers,
  countIn,
  objectsIn,
  readMembers,
  textIn,
} from './members.ts'
import { parseManifest } from './parse-manifest.ts'

/**
 * All that a batch adds to what is published, so that whoever finds it can finish it. Nothing of it is signed by the log
 * yet: many batches are staged, and one of them counts.
 */
export interface StagedBatch extends Head {
  /** The `sealed-batch` entry. */
  readonly manifest: StoredEntry
  readonly objects: readonly NewObject[]
}

/** The batch as it is staged. */
export function encodeStaged({ size, root, manifest, objects }: StagedBatch): Buffer {
  const head = canonicalJson({
    v: 1,
    size,
    root: encodeBase64(root),
    manifest: manifest.bytes.toString(),
    stamp: canonicalJson(manifest.stamp.stamp),
    signature: encodeBase64(manifest.stamp.signature),
    objects: objects.map(({ path, bytes }) => ({ path, length: bytes.length })),
  })
  return Buffer.concat([Buffer.from(`${head}\n`), ...objects.map(({ bytes }) => bytes)])
}

/** The batch in these bytes. Throws when no sealer wrote them. */
export function parseStaged(bytes: Buffer): StagedBatch {
  const end = bytes.indexOf('\n')
  const staged = readMembers(canonicalMembers(bytes.subarray(0, Math.max(end, 0))), (members) => {
    let at = end + 1
    const objects = objectsIn(members, 'objects', (each) => {
      const start = at
      at += countIn(each, 'length')
      return { path: textIn(each, 'path'), bytes: bytes.subarray(start, at) }
    })
    if (at !== bytes.length) throw new TypeError('another length')
    return { ...headIn(members), manifest: manifestIn(members), objects }
  })
  if (staged === undefined) throw new Error('what is staged is no batch')
  return staged
}

function headIn(members: Members): Head {
  const root = decodeHash(textIn(members, 'root'))
  if (root === undefined || members.get('v') !== 1) throw new TypeError('another version')
  return { size: countIn(members, 'size'), root }
}

function manifestIn(members: Members): StoredEntry {
  const bytes = Buffer.from(textIn(members, 'manifest'))
  const entry = parseManifest(bytes)
  const stamp = parseStamp(textIn(members, 'stamp'))
  const signature = decodeBase64(textIn(members, 'signature'))
  if (entry === undefined || stamp === undefined || signature === undefined)
    throw new TypeError('no manifest')
  const hash = entryHash(bytes)
  return { entry, bytes, hash, stamp: { stamp, signature }, ciphertext: undefined }
}
