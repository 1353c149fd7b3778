import { encodeCheckpoint, parseCheckpoint } from '../../tlog/checkpoint.ts'
import { type Note, type NoteSignature, encodeNote } from '../../tlog/note.ts'
import { openCheckpoint } from '../../tlog/open-checkpoint.ts'
import { parseNote } from '../../tlog/parse-note.ts'
import { proveConsistency } from '../../tlog/prove.ts'
import { signNote } from '../../tlog/sign-note.ts'
import { verifySignature } from '../../tlog/verify-signature.ts'
import { conflict } from './conflict.ts'
import { type Head, NEWEST_CHECKPOINT, checkpointPath } from './log-paths.ts'
import { hashesOf } from './read-log.ts'
import type { SealedLog } from './sealed-log.ts'
import { originOf } from './sealed-log.ts'

/** A checkpoint that is published, and by how many witnesses it is cosigned. */
export interface Published {
  readonly note: Buffer
  readonly cosigned: number
}

/** Publishes the checkpoint of a tree whose objects are all published. Throws as `publish` does. */
export async function publishCheckpoint(log: SealedLog, head: Head): Promise<Published> {
  const path = checkpointPath(head)
  const found = await log.objects.read(path)
  const published = found === undefined ? await signAndKeep(log, head) : opened(log, head, found)
  const newest = await newestCheckpoint(log)
  // Somebody else may be further already.
  if (newest === undefined || newest.size < head.size)
    await log.objects.replace(NEWEST_CHECKPOINT, published.note)
  return published
}

/** What the newest published checkpoint says, which nobody has verified; undefined where there is none. Throws for what is no checkpoint. */
export async function newestCheckpoint({
  objects,
}: Pick<SealedLog, 'objects'>): Promise<Head | undefined> {
  const bytes = await objects.read(NEWEST_CHECKPOINT)
  if (bytes === undefined) return undefined
  const note = parseNote(bytes)
  const checkpoint = note.ok ? parseCheckpoint(note.value.text) : note
  if (!checkpoint.ok)
    throw new Error(`what is published is no checkpoint: \`${NEWEST_CHECKPOINT}\``)
  return checkpoint.value
}

/** Signs it, has it cosigned, and keeps it; of two who do, the first one's stays. */
async function signAndKeep(log: SealedLog, head: Head): Promise<Published> {
  const { ed25519, p256 } = log.signers
  const text = encodeCheckpoint({ origin: originOf(log), ...head, extensions: [] })
  const signatures = await Promise.all([
    signNote(ed25519.key, text, ed25519.sign),
    signNote(p256.key, text, p256.sign),
  ])
  const cosignatures = await cosigned(log, head.size, { text, signatures })
  const note = encodeNote({ text, signatures: [...signatures, ...cosignatures] })
  const path = checkpointPath(head)
  if ((await log.objects.create(path, note)) === 'created')
    return { note, cosigned: cosignatures.length }
  const other = await log.objects.read(path)
  if (other === undefined) throw conflict(path)
  return opened(log, head, other)
}

/** The checkpoint that is there, if it is one that somebody made for this tree. */
function opened(log: SealedLog, head: Head, note: Buffer): Published {
  const { signers, witnesses } = log
  const checkpoint = openCheckpoint(note, {
    origin: originOf(log),
    keys: [signers.ed25519.key, signers.p256.key],
    witnesses: witnesses?.keys ?? [],
  })
  if (
    !checkpoint.ok ||
    checkpoint.value.size !== head.size ||
    Buffer.compare(checkpoint.value.root, head.root) !== 0
  )
    throw conflict(checkpointPath(head))
  return { note, cosigned: checkpoint.value.cosignatures.length }
}

/** What witnesses give; one bad signature among it would have every verifier refuse the checkpoint. */
async function cosigned(
  { objects, witnesses }: SealedLog,
  size: number,
  note: Note,
): Promise<readonly NoteSignature[]> {
  if (witnesses === undefined) return []
  const proofFrom = async (from: number): Promise<readonly Uint8Array[]> => {
    const proof = await proveConsistency(from, size, hashesOf(objects, size))
    if (!proof.ok) throw new Error(`no proof from size \`${from}\`: ${proof.error.problem}`)
    return proof.value
  }
  const given = await witnesses.cosign(encodeNote(note), proofFrom).catch(() => [])
  return witnesses.keys.flatMap((key) => {
    const signature = given.find(
      (each) =>
        each.name === key.name &&
        each.keyId === key.keyId &&
        verifySignature(key, note.text, each.signature) !== undefined,
    )
    return signature === undefined ? [] : [signature]
  })
}
