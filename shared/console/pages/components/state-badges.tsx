import type { CallSummary, EntryView } from '../../views/call-view.ts'
import { Badge, type Tone } from './badge.tsx'

/** What policy decided. */
export function Decision({ decision }: { readonly decision: CallSummary['decision'] }) {
  const [tone, words] = decisions[decision]
  return <Badge tone={tone}>{words}</Badge>
}

const decisions: Readonly<Record<CallSummary['decision'], readonly [Tone, string]>> = {
  permit: ['good', 'permitted'],
  'require-approval': ['wait', 'needs approval'],
  deny: ['bad', 'denied'],
  refused: ['bad', 'refused'],
}

/** What became of a call; as the record words it. */
export function Outcome({ outcome }: { readonly outcome: string | undefined }) {
  if (outcome === undefined) return <Badge tone="quiet">no outcome</Badge>
  return <Badge tone={outcomes[outcome] ?? 'quiet'}>{outcome.replaceAll('-', ' ')}</Badge>
}

const outcomes: Readonly<Record<string, Tone>> = {
  released: 'good',
  done: 'good',
  failed: 'warn',
  withheld: 'bad',
  refused: 'bad',
  lost: 'warn',
  unknown: 'warn',
}

/** How an approval stands, as Privileged Access Manager names it. */
export function Approval({ state }: { readonly state: string }) {
  return (
    <Badge tone={approvals[state.toUpperCase().replaceAll('-', '_')] ?? 'quiet'}>
      {state.toLowerCase().replaceAll(/[_-]/g, ' ')}
    </Badge>
  )
}

const approvals: Readonly<Record<string, Tone>> = {
  APPROVAL_AWAITED: 'wait',
  SCHEDULED: 'wait',
  ACTIVATING: 'wait',
  ACTIVE: 'good',
  ENDED: 'good',
  DENIED: 'bad',
  REVOKED: 'bad',
  REVOKING: 'bad',
  EXPIRED: 'quiet',
  WITHDRAWN: 'quiet',
  ACTIVATION_FAILED: 'warn',
}

/** Whether an entry is in the log, and holds. */
export function Verification({
  verification,
}: {
  readonly verification: EntryView['verification']
}) {
  const { state, problem } = verification
  if (state === 'sealed')
    return (
      <Badge tone="good" title="Signature, hash and inclusion in the published log hold.">
        sealed
      </Badge>
    )
  if (state === 'unsealed')
    return (
      <Badge tone="wait" title="Recorded and durable; the log takes it in within a minute.">
        not sealed yet
      </Badge>
    )
  return (
    <Badge tone="bad">
      {problem === undefined ? 'does not verify' : `does not verify: ${problem}`}
    </Badge>
  )
}
