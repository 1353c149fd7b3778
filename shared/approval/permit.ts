import type { BigQueryCall } from '../bigquery/call.ts'
import { type Brand, mint } from '../kernel/brand.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import type { Decision, Obligations } from '../policy/decision.ts'

/** Leave to make exactly this call. Minted only by `settle`. */
export type Permit = Brand<
  {
    readonly call: BigQueryCall
    readonly decision: Extract<Decision, { effect: 'permit' }>
  },
  'Permit'
>

export interface Denial {
  readonly problem: 'denied'
  readonly decision: Exclude<Decision, { effect: 'permit' }>
}

/** Turns a decision into leave to make the call its obligations shape, or into the denial it is. */
export function settle(
  decision: Decision,
  call: (obligations: Obligations) => BigQueryCall,
): Result<Permit, Denial> {
  return decision.effect === 'permit'
    ? ok(mint<Permit>({ call: call(decision.obligations), decision }))
    : err({ problem: 'denied', decision })
}
