import type { NewObject } from './archive.ts'
import { conflict } from './conflict.ts'
import { type Head, stagingPath } from './log-paths.ts'
import { type Published, publishCheckpoint } from './publish-checkpoint.ts'
import type { SealedLog } from './sealed-log.ts'
import type { StagedBatch } from './staged-batch.ts'

/**
 * Publishes a batch that counts: its objects, its manifest, its checkpoint. Whoever does it again, or at the same
 * time, leaves the same. Throws, and names the path, when something else is there: nobody may go on then.
 */
export async function publish(log: SealedLog, staged: StagedBatch): Promise<Published> {
  for (let start = 0; start < staged.objects.length; start += AT_ONCE)
    // oxlint-disable-next-line no-await-in-loop -- a few at once, however many there are
    await Promise.all(staged.objects.slice(start, start + AT_ONCE).map((each) => create(log, each)))
  const { entry } = staged.manifest
  if ((await log.entries.create(staged.manifest)) !== 'created')
    throw new Error(`the store holds something else under \`${entry.id}\``)
  const published = await publishCheckpoint(log, staged)
  await forget(log, staged)
  return published
}

/** Takes away what was staged and nobody looks for. What cannot be taken away is in nobody's way. */
export async function forget({ objects }: SealedLog, head: Head): Promise<void> {
  await objects.remove(stagingPath(head)).catch(() => {})
}

const AT_ONCE = 16

async function create({ objects }: SealedLog, { path, bytes }: NewObject): Promise<void> {
  if ((await objects.create(path, bytes)) === 'conflict') throw conflict(path)
}
