import { heldBy } from '../holds/held-by.ts'
import type { LogObjects } from '../log-objects.ts'
import type { FoundLeaf } from '../log/find-leaf.ts'
import { archivedHoldables } from './archived-holdables.ts'
import type { Deciding } from './due-entries.ts'
import { DEFAULT_CLASS, LOG_CLASS, RECORD_CLASS } from './retention-class.ts'

/**
 * Paths of the archives of a class that a manifest names, all of whose entries are as old as its leaf, and none on hold.
 * What was archived under a name that policy does not have goes with what is kept as long as anything.
 */
export async function dueArchives(
  { entries, terms, holds }: Deciding,
  objects: Pick<LogObjects, 'read'>,
  retentionClass: string,
  { leaf }: Pick<FoundLeaf, 'leaf'>,
): Promise<readonly string[]> {
  if (leaf.k !== 'sealed-batch') return []
  const manifest = (await entries.get(leaf.i))?.entry
  if (manifest?.type !== 'sealed-batch') return []
  const known = [DEFAULT_CLASS, LOG_CLASS, ...terms.classes.map(({ id }) => id)]
  const due: string[] = []
  for (const { path } of manifest.archive) {
    const [, of = ''] = path.split('/')
    const isOfClass = retentionClass === RECORD_CLASS ? !known.includes(of) : of === retentionClass
    if (!isOfClass) continue
    // oxlint-disable-next-line no-await-in-loop -- one class has one archive in a batch
    const archive = holds.length === 0 ? undefined : await objects.read(path)
    const isHeld =
      archive !== undefined &&
      archivedHoldables(archive).some((each) => heldBy(each, holds).length > 0)
    if (!isHeld) due.push(path)
  }
  return due
}
