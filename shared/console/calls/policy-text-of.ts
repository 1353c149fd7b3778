import type { EntryStore } from '../../recording/entry-store.ts'
import type { ConfigurationChangedEntry } from '../../recording/upkeep-entry.ts'

/** How many changes are looked back through. */
const MOST_CHANGES = 500

/**
 * The policy file with this digest, as the record has it; undefined where it does not have it. Rejects when the store cannot
 * be read.
 */
export async function policyTextOf(
  entries: Pick<EntryStore, 'get'>,
  digest: string,
): Promise<string | undefined> {
  let last = await lastChange(entries)
  for (let looked = 0; last > 0 && looked < MOST_CHANGES; looked += 1, last -= 1) {
    // oxlint-disable-next-line no-await-in-loop -- nearly always the first
    const change = await changeAt(entries, last)
    if (change?.after === digest) return change.text
  }
  return undefined
}

/** The number of the newest change of policy; 0 for none. */
async function lastChange(entries: Pick<EntryStore, 'get'>): Promise<number> {
  let low = 0
  let high = 1
  // oxlint-disable no-await-in-loop -- each says where to look next
  while ((await changeAt(entries, high)) !== undefined) {
    low = high
    high *= 2
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if ((await changeAt(entries, middle)) === undefined) high = middle
    else low = middle
  }
  // oxlint-enable no-await-in-loop
  return low
}

async function changeAt(
  entries: Pick<EntryStore, 'get'>,
  number: number,
): Promise<ConfigurationChangedEntry | undefined> {
  const kept = await entries.get(`configuration~policy~${number}`)
  return kept?.entry.type === 'configuration-changed' ? kept.entry : undefined
}
