import type { TableReference } from '../bigquery/reference.ts'
import type { SqlField } from '../bigquery/sql-type.ts'
import { type Result, ok } from '../kernel/result.ts'
import type { Decision } from '../policy/decision.ts'
import { evaluate } from '../policy/evaluate.ts'
import { readingFacts } from '../policy/may-select.ts'
import { type Caller, callerFacts } from './caller.ts'
import type { Ports } from './pipeline.ts'
import type { Refusal } from './refusal.ts'

/** Whether a table may be read without SQL, and the columns that leave where policy asks for them. */
export interface DecidedRead {
  readonly decision: Decision
  readonly outputs: readonly SqlField[] | undefined
}

/** Decides on reading a table, or some of its columns, as on a SELECT of them. */
export async function decideRead(
  _ports: Ports,
  caller: Caller,
  table: TableReference,
  _selectedFields: string | undefined,
): Promise<Result<DecidedRead, Refusal>> {
  const query = { ...readingFacts(table), justification: caller.facts.justification ?? '' }
  const decision = evaluate(caller.policy, { ...callerFacts(caller), query })
  return ok({ decision, outputs: undefined })
}
