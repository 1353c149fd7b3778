import type { DecidingPorts } from '../../gateway/decide-statement.ts'
import type { EntryStore } from '../../recording/entry-store.ts'
import type { RecordSecrets } from '../../recording/private-facts.ts'

/** What deciding again on what is on the record asks of the world. */
export interface WhatIfPorts extends DecidingPorts {
  readonly entries: Pick<EntryStore, 'get'>
  readonly secrets: Pick<RecordSecrets, 'find'>
}
