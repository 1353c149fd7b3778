import type { AnsweredCall } from '../../shared/gateway/answered-call.ts'
import { log } from '../log.ts'

/**
 * The line that every call of the gateway leaves: which method it was, what policy said, what was answered and how long
 * that took, with the id of the entry that says the rest. No SQL, no name of a table or of a person, no value.
 */
export function logAnswered(call: AnsweredCall): void {
  const { operation, decision, problem, status, milliseconds, entry } = call
  log('INFO', 'call answered', {
    operation,
    decision,
    ...(problem === undefined ? {} : { problem }),
    status,
    milliseconds,
    ...(entry === undefined ? {} : { entry }),
  })
}
