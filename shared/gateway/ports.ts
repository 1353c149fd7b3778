import type { Analyze } from '../analysis/analysis.ts'
import type { Grants } from '../approval/grants.ts'
import type { Publish } from '../approval/messages.ts'
import type { Identify } from '../identity/principal.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Result } from '../kernel/result.ts'
import type { Masking } from '../masking/mask-cells.ts'
import type { DerivedTags } from '../policy/derived-tags.ts'
import type { KillSwitches } from '../policy/kill-switch.ts'
import type { Policy } from '../policy/policy.ts'
import type { Usage } from '../policy/usage.ts'
import type { Jobs } from '../recording/job.ts'
import type { Recorder } from '../recording/recorder.ts'
import type { Upstream } from '../upstream/upstream.ts'
import type { InstanceMemory } from './instance-memory.ts'
import type { HoldLimits } from './long-poll.ts'
import type { OwnQuestions } from './schemas.ts'

/** What the pipeline asks of the world. */
export interface Ports extends Recorder, OwnQuestions {
  /** The policy in force, or why there is none. */
  readonly policy: () => Result<Policy, readonly string[]>
  readonly identify: Identify
  readonly analyze: Analyze
  readonly derivedTags: DerivedTags
  readonly masking: Masking
  readonly usage: Usage
  readonly killSwitches: KillSwitches
  readonly jobs: Jobs
  readonly grants: Grants
  readonly publish: Publish
  readonly upstream: Upstream
  readonly clock: Clock
  readonly hold: HoldLimits
  readonly memory: InstanceMemory
  /** Hears of what went wrong without anybody's request failing for it. */
  readonly onTrouble: (cause: unknown) => void
}
