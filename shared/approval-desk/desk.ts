import type { Announce } from '../approval/announce.ts'
import type { Grant, GrantId } from '../approval/grant.ts'
import type { Grants } from '../approval/grants.ts'
import type { Publish } from '../approval/messages.ts'
import type { PeopleSeen } from '../approval/people-seen.ts'
import type { KillSwitches } from '../policy/kill-switch.ts'
import type { Policy } from '../policy/policy.ts'
import type { Usage } from '../policy/usage.ts'
import type { KnownRecorded } from '../recording/record-grant.ts'
import type { Recorder } from '../recording/recorder.ts'

/** What settling, telling and sweeping ask of the world. */
export interface Desk extends Recorder {
  /** In force. */
  readonly policy: Policy
  readonly grants: Grants
  readonly usage: Usage
  readonly killSwitches: KillSwitches
  readonly peopleSeen: PeopleSeen
  readonly announce: Announce
  readonly publish: Publish
  readonly known: KnownRecorded
  /** Port. Starts what was approved, at most once; rejects when it is not known whether it did. */
  readonly start: (id: GrantId) => Promise<Grant>
  /** Port. Asks BigQuery to stop what a grant started. Rejects when BigQuery may not have heard of it. */
  readonly stop: (grant: Grant) => Promise<void>
  /** Port. Ends the calls that nobody will end; rejects when something is left to do. */
  readonly closeCalls: () => Promise<void>
  /** Hears of what went wrong, and will be tried again. */
  readonly onTrouble: (cause: unknown) => void
}
