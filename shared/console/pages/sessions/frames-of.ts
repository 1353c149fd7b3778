import type { SessionView } from '../../views/session-view.ts'

type Call = SessionView['calls'][number]

/** One moment of a recorded session: a step of one of its calls. */
export interface Frame {
  readonly call: Call
  readonly step: Call['steps'][number]
  /** `asked`: somebody wanted something; `decided`: people had their say; `left`: something was handed over, or nothing will be. */
  readonly what: 'asked' | 'decided' | 'left'
}

/** What happened in a session, oldest first, as it was: calls that ran side by side are in between each other. */
export function framesOf({ calls }: Pick<SessionView, 'calls'>): readonly Frame[] {
  return calls
    .flatMap((call) => call.steps.map((step) => ({ call, step, what: whatOf(step.type) })))
    .toSorted((a, b) => Date.parse(a.step.at) - Date.parse(b.step.at))
}

function whatOf(type: string): Frame['what'] {
  if (type === 'request' || type === 'refusal') return 'asked'
  return type === 'page' || type === 'outcome' ? 'left' : 'decided'
}
