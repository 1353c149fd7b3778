/** A tree by its size and root, 32 bytes. */
export interface Head {
  readonly size: number
  readonly root: Uint8Array
}

/** Where a checkpoint stays for ever. FORMAT.md §5. */
export function checkpointPath(head: Head): string {
  return `checkpoints/${named(head)}`
}

/** Where a batch lies from before it counts until it is published. */
export function stagingPath(head: Head): string {
  return `staging/${named(head)}`
}

/** Where whole entries of a batch are kept. Throws `RangeError` for a class that cannot be in a path. */
export function archivePath(retentionClass: string, batch: number): string {
  if (!/^[a-z0-9-]{1,63}$/.test(retentionClass))
    throw new RangeError(`no name of a retention class: \`${retentionClass}\``)
  return `archive/${retentionClass}/${String(batch).padStart(10, '0')}.ndjson.gz`
}

/** Where the manifest of a batch is kept whole. */
export function manifestPath(batch: number): string {
  return `manifests/${String(batch).padStart(10, '0')}.ndjson`
}

/** Where the newest checkpoint is: the only object that is ever replaced. */
export const NEWEST_CHECKPOINT = 'checkpoint'

function named({ size, root }: Head): string {
  return `${String(size).padStart(16, '0')}-${Buffer.from(root).toString('hex')}`
}
