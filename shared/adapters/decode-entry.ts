import { canonicalJson } from '../kernel/canonical-json.ts'
import { entryHash } from '../recording/encode-entry.ts'
import type { KeptEntry, RawEntry } from '../recording/entry-store.ts'
import type { Entry } from '../recording/entry.ts'
import { NoEntry } from '../recording/no-entry.ts'
import { parseStamp } from '../recording/parse-stamp.ts'
import { entrySchema } from './entry-schema.ts'

/**
 * The entry that stored bytes hold. Throws `NoEntry` when they are not the canonical bytes of an entry this
 * version knows, or of one with another id: a store that says so cannot be believed.
 */
export function decodeEntry(raw: RawEntry): KeptEntry {
  const { id, bytes, signature, ciphertext, committedAt } = raw
  try {
    const stamp = parseStamp(raw.stamp)
    const hash = entryHash(bytes)
    if (stamp?.entry !== id || stamp.hash !== hash) throw new Error('the stamp is of another entry')
    const entry = parse(id, bytes)
    return { entry, bytes, hash, stamp: { stamp, signature }, ciphertext, committedAt }
  } catch (cause) {
    throw new NoEntry(`the store holds no entry Sluice understands under \`${id}\``, { cause })
  }
}

function parse(id: string, bytes: Buffer): Entry {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  const json: unknown = JSON.parse(text)
  if (canonicalJson(json) !== text) throw new Error('the bytes are not canonical')
  const entry = entrySchema.parse(json)
  if (entry.id !== id) throw new Error('the entry has another id')
  return entry
}
