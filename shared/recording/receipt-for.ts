import type { StoredEntry } from './entry-store.ts'
import { RECEIPT_TERM_MS, encodeReceipt } from './receipt.ts'
import type { Journal } from './recorder.ts'

/** The header that carries a receipt. FORMAT.md §6. */
export const RECEIPT_HEADER = 'sluice-receipt'

/**
 * The promise that an entry will be in the log, signed by this instance; undefined when it cannot sign, for
 * nobody's answer waits for that.
 */
export async function receiptFor(
  { writers, clock }: Pick<Journal, 'writers' | 'clock'>,
  { entry, hash }: Pick<StoredEntry, 'entry' | 'hash'>,
): Promise<string | undefined> {
  const by = clock() + RECEIPT_TERM_MS
  try {
    return await writers.use(({ id, sign }) =>
      encodeReceipt({ v: 1, by, entry: entry.id, hash, log: writers.log, writer: id }, sign),
    )
  } catch {
    return undefined
  }
}
