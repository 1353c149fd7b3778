import type { NewObject } from './archive.ts'
import { conflict } from './conflict.ts'
import { type Head, stagingPath } from './log-paths.ts'
import { type Published, publishCheckpoint } from './publish-checkpoint.ts'
import type { SealedLog } from './sealed-log.ts'
import type { StagedBatch } from './staged-batch.ts'

/** A batch that is published. */
export interface PublishedBatch extends Published {
  /** Somebody else's entry has the id of the manifest. The log has the manifest all the same. */
  readonly manifestTaken: boolean
}

/**
 * Publishes a batch that counts: its objects, its manifest, its checkpoint. Whoever does it again, or at the same
 * time, leaves the same. Throws, and names the path, when another object is there: nobody may go on then.
 */
export async function publish(log: SealedLog, staged: StagedBatch): Promise<PublishedBatch> {
  for (let start = 0; start < staged.objects.length; start += AT_ONCE)
    // oxlint-disable-next-line no-await-in-loop -- a few at once, however many there are
    await Promise.all(staged.objects.slice(start, start + AT_ONCE).map((each) => create(log, each)))
  // Whoever writes entries must not be able to stop the log by that.
  const manifestTaken = (await log.entries.create(staged.manifest)) !== 'created'
  const published = await publishCheckpoint(log, staged)
  await forget(log, staged)
  return { ...published, manifestTaken }
}

/** Takes away what was staged and nobody looks for. What cannot be taken away is in nobody's way. */
export async function forget({ objects }: SealedLog, head: Head): Promise<void> {
  await objects.remove(stagingPath(head)).catch(() => {})
}

const AT_ONCE = 16

async function create({ objects }: SealedLog, { path, bytes }: NewObject): Promise<void> {
  if ((await objects.create(path, bytes)) === 'conflict') throw conflict(path)
}
