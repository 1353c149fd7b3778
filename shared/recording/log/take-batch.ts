import type { RawEntry } from '../entry-store.ts'
import { batchOf } from './parse-manifest.ts'

/** How much a batch holds. One that is over it ends with its commit time. */
export interface BatchLimits {
  readonly entries: number
  /** Of entries and ciphertexts together. */
  readonly bytes: number
}

/** What goes into batches, taken from one reading of the store. */
export interface Taking {
  /** What comes next, of which nothing is a manifest of the first `batches` batches: they are sealed in their own. */
  take(batches: number, limits: BatchLimits): Promise<readonly RawEntry[]>
}

/** Cuts what is read into batches, never between two entries of one commit time. */
export function taking(unsealed: AsyncGenerator<RawEntry>): Taking {
  let ahead: RawEntry | undefined
  const next = async (batches: number): Promise<RawEntry | undefined> => {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { done, value } = await unsealed.next()
      if (done === true) return undefined
      const batch = batchOf(value.id)
      if (batch === undefined || batch >= batches) return value
    }
  }
  return {
    async take(batches, limits) {
      const taken: RawEntry[] = []
      let bytes = 0
      for (;;) {
        // oxlint-disable-next-line no-await-in-loop
        const raw = ahead ?? (await next(batches))
        ahead = undefined
        if (raw === undefined) return taken
        const isFull = taken.length >= limits.entries || bytes >= limits.bytes
        if (isFull && raw.committedAt !== taken.at(-1)?.committedAt) {
          ahead = raw
          return taken
        }
        taken.push(raw)
        bytes += raw.bytes.length + (raw.ciphertext?.length ?? 0)
      }
    },
  }
}
