import type { Grants } from '../../approval/grants.ts'
import type { PeopleSeen } from '../../approval/people-seen.ts'
import type { SlackMessages } from '../../approval/slack-messages.ts'
import type { DerivedTags } from '../../policy/derived-tags.ts'
import type { KillSwitches } from '../../policy/kill-switch.ts'
import type { Usage } from '../../policy/usage.ts'
import type { ReconciledUpTo } from '../../recording/reconcile/reconciled-up-to.ts'
import type { Watermarks } from '../../recording/watermarks.ts'
import { registeredTags } from './derived-tags.ts'
import { registeredGrants } from './grants.ts'
import { registeredSwitches } from './kill-switches.ts'
import { registeredPeople } from './people-seen.ts'
import { registeredReconciledUpTo } from './reconciled-up-to.ts'
import type { Registers } from './registers.ts'
import { registeredSlackMessages } from './slack-messages.ts'
import { registeredUsage } from './usage.ts'
import { registeredWatermarks } from './watermarks.ts'

/** What is kept of a policy at work: it changes, and instances share it. */
export interface Registered {
  readonly derivedTags: DerivedTags
  readonly killSwitches: KillSwitches
  readonly usage: Usage
  readonly grants: Grants
  readonly peopleSeen: PeopleSeen
  readonly slackMessages: SlackMessages
  readonly watermarks: Watermarks
  readonly reconciledUpTo: ReconciledUpTo
  /** What they are kept in. */
  readonly registers: Registers
}

/** The ports of `Registered` on any store that has registers. */
export function registered(registers: Registers): Registered {
  return {
    derivedTags: registeredTags(registers),
    killSwitches: registeredSwitches(registers),
    usage: registeredUsage(registers),
    grants: registeredGrants(registers),
    peopleSeen: registeredPeople(registers),
    slackMessages: registeredSlackMessages(registers),
    watermarks: registeredWatermarks(registers),
    reconciledUpTo: registeredReconciledUpTo(registers),
    registers,
  }
}
