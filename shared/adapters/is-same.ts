import { canonicalJson } from '../kernel/canonical-json.ts'
import type { StoredEntry } from '../recording/entry-store.ts'

/** Whether two are one: the same entry under the same stamp, so that one write was tried twice. */
export function isSame(a: StoredEntry, b: StoredEntry): boolean {
  return a.bytes.equals(b.bytes) && canonicalJson(a.stamp.stamp) === canonicalJson(b.stamp.stamp)
}
