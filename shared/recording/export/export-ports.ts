import type { Clock } from '../../kernel/clock.ts'
import type { BundleScope } from '../bundle/bundle-line.ts'
import type { EntryStore } from '../entry-store.ts'
import type { ReadObjects } from '../log/read-log.ts'
import type { RecordSecrets } from '../private-facts.ts'

/** What an export is made from. */
export interface ExportPorts {
  readonly entries: Pick<EntryStore, 'get' | 'list' | 'committed'>
  readonly objects: ReadObjects
  readonly secrets: Pick<RecordSecrets, 'find'>
  readonly clock: Clock
}

/** What is to be exported. */
export interface ExportRequest {
  readonly scope: BundleScope
  /** Whether private facts that were not erased come along in clear. */
  readonly withPrivate: boolean
}
