import { parseGrantId } from '../../approval/grant-id.ts'
import { cancel } from '../../approval/transitions.ts'
import { principalKey } from '../../identity/principal.ts'
import { type Result, err, ok } from '../../kernel/result.ts'
import type { JobRecord } from '../../recording/job.ts'
import type { Caller } from '../caller.ts'
import { lookUp, recordedJob } from '../own-jobs.ts'
import type { Ports } from '../ports.ts'
import type { Refusal } from '../refusal.ts'
import type { Resource } from '../resources.ts'
import { heldState } from './await-decision.ts'
import { notApprovedWords } from './not-approved-words.ts'
import { pendingJob, refusedJob } from './pending-reply.ts'

/** A held job as BigQuery would show it, or `running` when BigQuery itself is to be asked. */
export async function heldJob(
  ports: Ports,
  caller: Caller,
  record: JobRecord,
): Promise<Result<Resource | 'running', Refusal>> {
  if (record.grant === undefined) return ok('running')
  const id = parseGrantId(record.grant)
  const held = id && (await heldState(ports, { grant: id, call: record.call }))
  if (held === undefined) return err({ problem: 'not-approved', grant: undefined })
  if (held.ok)
    return ok(held.value.state === 'running' ? 'running' : pendingJob(held.value.grant, caller))
  if (held.error.problem !== 'not-approved' || held.error.grant === undefined) return held
  // Of a glass that was broken, BigQuery may have named the job.
  const grant = { ...held.error.grant, job: recordedJob(record) }
  const endedAt = grant.events.at(-1)?.at ?? grant.requestedAt
  return ok(refusedJob(grant, caller, notApprovedWords(grant), endedAt))
}

/** Takes a held query back, which its requester may until it runs; `running` when BigQuery is to be told. */
export async function cancelHeld(
  ports: Ports,
  caller: Caller,
  record: JobRecord,
): Promise<Result<Resource | 'running', Refusal>> {
  const id = parseGrantId(record.grant ?? '')
  if (id === undefined) return ok('running')
  const owner = principalKey(caller.principal)
  // What is over, or runs, is as it is.
  const changed = await lookUp(() =>
    ports.grants.change<unknown>(id, (grant) =>
      // Who cancels one query under a time box keeps the box.
      grant.call === record.call ? cancel(grant, owner, ports.clock()) : ok([]),
    ),
  )
  return changed.ok ? heldJob(ports, caller, record) : changed
}
