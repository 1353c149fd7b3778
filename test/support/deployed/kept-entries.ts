import { randomBytes } from 'node:crypto'

import { openStore } from '../../../functions/open-store.ts'
import type { StoreSettings } from '../../../functions/settings.ts'
import { decodeEntry } from '../../../shared/adapters/decode-entry.ts'
import type { RecordKeys } from '../../../shared/adapters/record-keys.ts'
import { registeredSecrets } from '../../../shared/adapters/registers/record-secrets.ts'
import type { KeptEntry } from '../../../shared/recording/entry-store.ts'
import type { Entry } from '../../../shared/recording/entry.ts'
import { openPart } from '../../../shared/recording/private-part.ts'

const PAGE = 500
/** What was committed earlier than the last entry may be seen later. */
const OVERLAP_MICROSECONDS = 2_000_000

/** An entry of the record, with the JSON of what it keeps in private. */
export interface ReadEntry {
  readonly entry: Entry
  readonly facts: string | undefined
}

/** The record in a store that others write to. */
export interface KeptEntries {
  /** All entries, in the order of commits: those, too, that were durable when it was called. */
  read(): Promise<readonly ReadEntry[]>
  close(): Promise<void>
}

/** Reads the record that functions keep in this store under these keys. */
export function keptEntries(settings: StoreSettings, { wrapKey }: RecordKeys): KeptEntries {
  const store = openStore(settings)
  const options = { wrapKey, clock: Date.now, random: randomBytes }
  const secrets = registeredSecrets(store.registers, options)
  const known = new Map<string, ReadEntry & { readonly committedAt: number }>()
  let last = 0
  const open = async ({ entry, ciphertext }: KeptEntry): Promise<string | undefined> => {
    const part = 'private' in entry ? entry.private : undefined
    if (part === undefined || ciphertext === undefined) return undefined
    const secret = await secrets.find(part.key)
    return secret && openPart(entry.id, { part, ciphertext }, secret.secret)?.facts
  }
  const catchUp = async (): Promise<void> => {
    let from: { at: number; after?: string } = { at: Math.max(0, last - OVERLAP_MICROSECONDS) }
    for (;;) {
      const page = await store.entries.committed(from, PAGE)
      for (const raw of page) {
        if (known.has(raw.id)) continue
        const kept = decodeEntry(raw)
        const { entry, committedAt } = kept
        known.set(raw.id, { entry, committedAt, facts: await open(kept) })
        last = Math.max(last, committedAt)
      }
      const end = page.at(-1)
      if (end === undefined || page.length < PAGE) return
      from = { at: end.committedAt, after: end.id }
    }
  }
  return {
    read: async () => {
      await catchUp()
      return [...known.values()].toSorted((a, b) => a.committedAt - b.committedAt)
    },
    close: async () => store.close(),
  }
}
