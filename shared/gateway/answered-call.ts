import type { Method } from '../bigquery/call.ts'
import type { Clock } from '../kernel/clock.ts'
import { counter } from '../kernel/instruments.ts'
import type { Decision } from '../policy/decision.ts'
import type { Refusal } from './refusal.ts'
import type { Surface } from './surface.ts'

/** What operators hear of a call that was answered: words from closed sets, numbers, and where the record has it. */
export interface AnsweredCall {
  /** `none` for what is no method that Sluice offers. */
  readonly operation: Method | 'none'
  /** What policy said; `none` where it was not asked, or could not be. */
  readonly decision: Decision['effect'] | 'none'
  /** Why nothing but a refusal left; undefined for an answer. */
  readonly problem: Refusal['problem'] | undefined
  /** Of HTTP. */
  readonly status: number
  /** From when the request arrived. */
  readonly milliseconds: number
  /** Id of the entry that says what left; undefined where nothing new is on the record. */
  readonly entry: string | undefined
}

/** An answer that is ready to leave, and what operators may know of it. */
export interface Answer {
  readonly response: Response
  readonly decision: AnsweredCall['decision'] | undefined
  readonly problem: Refusal['problem'] | undefined
  readonly entry: string | undefined
  /** Columns that are masked in it. */
  readonly masked: number
}

/** Counts a call whose answer is ready, tells who hears of such calls, and returns what leaves. */
export function tellAnswered(
  { onAnswered }: Pick<Surface, 'onAnswered'>,
  clock: Clock,
  call: Pick<AnsweredCall, 'operation'> & { readonly arrivedAt: number },
  { response, decision = 'none', problem, entry, masked }: Answer,
): Response {
  const { operation, arrivedAt } = call
  answered(1, {
    'sluice.operation': operation,
    'sluice.decision': decision,
    'http.response.status_code': response.status,
  })
  if (masked > 0) maskedColumns(masked, { 'sluice.operation': operation })
  const milliseconds = Math.max(0, clock() - arrivedAt)
  onAnswered?.({
    operation,
    decision,
    problem,
    status: response.status,
    milliseconds,
    entry,
  })
  return response
}

const answered = counter('sluice.calls.answered', {
  description: 'Calls that were answered, by what they were and what policy said.',
  unit: '{call}',
})

const maskedColumns = counter('sluice.columns.masked', {
  description: 'Columns of answers that left masked.',
  unit: '{column}',
})
