import { canonicalJson } from '../../../shared/kernel/canonical-json.ts'
import type { EntryStore, KeptEntry, RawEntry } from '../../../shared/recording/entry-store.ts'

/** A store that costs next to nothing, in the order of commit times: what is left is what uses it. */
export function arrayStore(): EntryStore & { readonly kept: KeptEntry[] } {
  const kept: KeptEntry[] = []
  let raws: RawEntry[] = []
  return {
    kept,
    async create(stored) {
      const committedAt = Math.max(Date.now() * 1000, (kept.at(-1)?.committedAt ?? 0) + 1)
      kept.push({ ...stored, committedAt })
      return 'created'
    },
    committed: async ({ at, after }, limit) => {
      if (raws.length !== kept.length) raws = kept.map(rawEntry)
      let [low, high] = [0, raws.length]
      while (low < high) {
        const middle = Math.floor((low + high) / 2)
        if ((raws[middle]?.committedAt ?? 0) < at) low = middle + 1
        else high = middle
      }
      // No two have one commit time.
      const start = after === undefined ? low : low + 1
      return raws.slice(start, start + limit)
    },
    get: unused,
    list: unused,
  }
}

function rawEntry({ entry, bytes, stamp, ciphertext, committedAt }: KeptEntry): RawEntry {
  const { signature } = stamp
  const text = canonicalJson(stamp.stamp)
  return { id: entry.id, committedAt, bytes, stamp: text, signature, ciphertext }
}

const unused = (): Promise<never> => Promise.reject(new Error('nothing here asks for this'))
