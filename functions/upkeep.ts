import { registeredHolds } from '../shared/adapters/registers/holds.ts'
import { registeredErasures } from '../shared/adapters/registers/pending-erasures.ts'
import { closeCalls } from '../shared/gateway/close-calls.ts'
import type { Ports } from '../shared/gateway/ports.ts'
import type { Policy } from '../shared/policy/policy.ts'
import { resumeErasures } from '../shared/recording/erasure/resume-erasures.ts'
import type { Store } from './open-store.ts'
import type { RecordParts } from './record.ts'
import { searchingIn } from './searching.ts'

/** What is done every minute beside approvals: the record is brought to where it should be. Rejects when the store cannot be reached. */
export async function upkeep(ports: Ports, { store, record, policy }: UpkeepParts): Promise<void> {
  await closeCalls({ ...ports, watermarks: store.watermarks })
  await record.closeSessions(policy)
  await record.noteSwitches(await store.killSwitches.list())
  await resumeErasures({
    ...ports,
    holds: registeredHolds(store.registers),
    pending: registeredErasures(store.registers),
  })
  await searchingIn(store, policy.record.review, ports.clock).follow()
}

interface UpkeepParts {
  readonly store: Store
  readonly record: RecordParts
  readonly policy: Policy
}
