import type { Configurations } from './configurations.ts'
import { createOrFail } from './create-or-fail.ts'
import type { Journal } from './recorder.ts'
import type { ConfigurationChangedEntry } from './upkeep-entry.ts'

/**
 * Puts on the record what is in force, if that is not what it says last. Rejects when the store cannot be
 * reached; of several instances that notice the same, one entry stays.
 */
export async function noteConfiguration(
  journal: Journal,
  configurations: Configurations,
  {
    what,
    digest,
    text,
  }: {
    readonly what: ConfigurationChangedEntry['what']
    /** SHA-256, hex, of `text`. */
    readonly digest: string
    readonly text: string
  },
): Promise<void> {
  const before = await configurations.find(what)
  if (before?.digest === digest) return
  const number = (before?.number ?? 0) + 1
  const { entry } = await createOrFail(journal, {
    v: 1,
    type: 'configuration-changed',
    id: `configuration~${what}~${number}`,
    at: journal.clock(),
    what,
    before: before?.digest,
    after: digest,
    text,
    by: undefined,
  })
  // Somebody may have put another one there; then ours comes after it.
  const noted = entry.type === 'configuration-changed' ? entry.after : undefined
  await configurations.noted(what, { number, digest: noted ?? '' })
  if (noted !== digest) await noteConfiguration(journal, configurations, { what, digest, text })
}
