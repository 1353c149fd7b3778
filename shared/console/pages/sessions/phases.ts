import type { SessionView } from '../../views/session-view.ts'
import type { Span } from './time-scale.ts'

type Call = SessionView['calls'][number]

/** What a call did for a stretch of time. */
export interface Phase extends Span {
  /** `held`: waited for people; `open`: nobody has said that it ended. */
  readonly what: 'held' | 'running' | 'paging' | 'open'
}

/** What a call was doing when, oldest first, with no hole between. A refusal takes no time: one phase without length. */
export function phasesOf(call: Call): readonly Phase[] {
  const from = Date.parse(call.summary.at)
  const ended = endOf(call)
  // What people say of it afterwards, such as a review, held nothing.
  const said = instantsOf(call, 'approval').filter((at) => ended === undefined || at <= ended)
  const settled = Math.max(from, ...said)
  const paged = Math.max(settled, ended ?? settled, ...instantsOf(call, 'page'))
  return [
    ...(settled > from ? [{ what: 'held', from, to: settled } as const] : []),
    ended === undefined
      ? ({ what: 'open', from: settled, to: paged } as const)
      : ({ what: 'running', from: settled, to: ended } as const),
    ...(ended !== undefined && paged > ended
      ? [{ what: 'paging', from: ended, to: paged } as const]
      : []),
  ]
}

/** When a call was over; undefined while it goes on. */
function endOf(call: Call): number | undefined {
  const { at, durationMs } = call.summary
  const [end] = [...instantsOf(call, 'outcome'), ...instantsOf(call, 'refusal')]
  if (end !== undefined) return Math.max(Date.parse(at), end)
  return durationMs === undefined ? undefined : Date.parse(at) + durationMs
}

function instantsOf({ steps }: Call, type: string): readonly number[] {
  return steps.filter((step) => step.type === type).map(({ at }) => Date.parse(at))
}
