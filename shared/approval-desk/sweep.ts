import { approvalRequested } from '../approval/approval-requested.ts'
import { due } from '../approval/due.ts'
import type { Grant, GrantId } from '../approval/grant.ts'
import { standingOf } from '../approval/standing.ts'
import { ok } from '../kernel/result.ts'
import type { Desk } from './desk.ts'
import { followUp } from './follow-up.ts'

const PAGE = 100
/** Whoever asked may have gone before anybody was told; so long it is told again, which says nothing twice. */
const TOLD_AGAIN_MS = 15 * 60_000

/**
 * Goes through all grants that are not over: expires what is due, reminds, and finishes what somebody left half
 * done; then through those that are over, until all that follows is done. One that fails keeps no other from its
 * turn. Rejects at the end when one did: it is tried again.
 */
export async function sweep(desk: Desk): Promise<void> {
  const { grants } = desk
  const failures: unknown[] = []
  const each = async (list: typeof grants.listOpen, work: (id: GrantId) => Promise<void>) => {
    for (let after: GrantId | undefined; ;) {
      // oxlint-disable-next-line no-await-in-loop -- page by page
      const ids = await list(PAGE, after)
      for (const id of ids) {
        try {
          // oxlint-disable-next-line no-await-in-loop -- one at a time: nobody waits for it
          await work(id)
        } catch (cause) {
          failures.push(cause)
          desk.onTrouble(cause)
        }
      }
      after = ids.at(-1)
      if (ids.length < PAGE) return
    }
  }
  await each(
    (...page) => grants.listOpen(...page),
    (id) => sweepGrant(desk, id),
  )
  await each(
    (...page) => grants.listOver(...page),
    async (id) => grants.close(await followUp(desk, id)),
  )
  if (failures.length > 0) throw new AggregateError(failures, 'some grants could not be swept')
}

async function sweepGrant(desk: Desk, id: GrantId): Promise<void> {
  const at = desk.clock()
  const changed = await desk.grants.change(id, (grant) => ok(due(grant, at)))
  if (!changed.ok) return
  const grant = await followUp(desk, id)
  for (const message of untold(grant, at)) {
    // oxlint-disable-next-line no-await-in-loop -- a few, and in their order
    await desk.publish(message)
  }
}

/** What somebody may not have been told. */
function untold(grant: Grant, at: number) {
  const { state, reviewOpen } = standingOf(grant)
  if (state !== 'approval-awaited' && !reviewOpen) return []
  return grant.events.flatMap((event, n) =>
    at - event.at < TOLD_AGAIN_MS ? (approvalRequested(grant, n) ?? []) : [],
  )
}
