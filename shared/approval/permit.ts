import type { BigQueryCall } from '../bigquery/call.ts'
import { isObject } from '../bigquery/json.ts'
import { type Brand, mint } from '../kernel/brand.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import type { Decision, Obligations } from '../policy/decision.ts'
import type { GrantId } from './grant.ts'

/** Leave to make exactly this call. Minted only by `settle` and its kin here. */
export type Permit = Brand<
  {
    readonly call: BigQueryCall
    readonly decision: Exclude<Decision, { effect: 'deny' }>
    /** Where people's approval gave leave. */
    readonly grant: GrantId | undefined
  },
  'Permit'
>

export interface Denial {
  readonly problem: 'denied'
  readonly decision: Extract<Decision, { effect: 'deny' }>
}

/** People have to say. */
export interface ApprovalNeeded {
  readonly problem: 'approval-needed'
  readonly decision: ApprovalRequired
}

export type ApprovalRequired = Extract<Decision, { effect: 'require-approval' }>

/** Leave that people gave, or that somebody took and answers for. Minted only where a grant is used. */
export type Leave = Brand<
  {
    readonly grant: GrantId
    /** The one call it is for. */
    readonly call: string
    /** Bytes the call may bill at most; undefined for what policy says. */
    readonly maximumBytes: number | undefined
  },
  'Leave'
>

/** Turns a decision into leave to make the call its obligations shape, or says what stands against it. */
export function settle(
  decision: Decision,
  call: (obligations: Obligations) => BigQueryCall,
): Result<Permit, Denial | ApprovalNeeded> {
  switch (decision.effect) {
    case 'permit':
      return ok(mint<Permit>({ call: call(decision.obligations), decision, grant: undefined }))
    case 'require-approval': {
      const shaped = call(decision.obligations)
      // A dry run reads nothing: nobody has to approve it.
      return isDryRun(shaped)
        ? ok(mint<Permit>({ call: shaped, decision, grant: undefined }))
        : err({ problem: 'approval-needed', decision })
    }
    case 'deny':
      return err({ problem: 'denied', decision })
  }
}

/** The same for a call that a grant gives leave for. Throws when the leave is for another call. */
export function settleWith(
  leave: Leave,
  callId: string,
  decision: ApprovalRequired,
  call: (obligations: Obligations) => BigQueryCall,
): Permit {
  if (leave.call !== callId) throw new Error('leave for another call')
  const { maximumBytesBilled: most = Infinity } = decision.obligations
  const obligations =
    leave.maximumBytes === undefined
      ? decision.obligations
      : { ...decision.obligations, maximumBytesBilled: Math.min(most, leave.maximumBytes) }
  return mint<Permit>({ call: call(obligations), decision, grant: leave.grant })
}

function isDryRun({ body }: BigQueryCall): boolean {
  if (body?.['dryRun'] === true) return true
  const configuration = body?.['configuration']
  return isObject(configuration) && configuration['dryRun'] === true
}
