import { canonicalJson } from '../kernel/canonical-json.ts'
import { entryHash } from '../recording/encode-entry.ts'
import type { StoredEntry } from '../recording/entry-store.ts'
import { entrySchema } from './entry-schema.ts'

/**
 * The entry that stored bytes hold. Throws when they are not the canonical bytes of an entry this
 * version knows, or of one with another id: a store that says so cannot be believed.
 */
export function decodeEntry(id: string, bytes: Buffer): StoredEntry {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  const json: unknown = JSON.parse(text)
  if (canonicalJson(json) !== text) throw new Error(`stored bytes are not canonical \`${id}\``)
  const parsed = entrySchema.safeParse(json)
  if (!parsed.success)
    throw new Error(`stored bytes are no entry of a known version \`${id}\``, {
      cause: parsed.error,
    })
  if (parsed.data.id !== id) throw new Error(`stored under another entry's id \`${id}\``)
  return { entry: parsed.data, bytes, hash: entryHash(bytes) }
}
