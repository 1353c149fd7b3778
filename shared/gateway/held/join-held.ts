import { setTimeout as wait } from 'node:timers/promises'

import type { Grant, GrantId } from '../../approval/grant.ts'
import { standingOf } from '../../approval/standing.ts'
import { hasEnded } from '../end-of-call.ts'
import type { Ports } from '../ports.ts'

/** A no stands for so long: an agent that asks again at once wears approvers out. */
const NO_STANDS_MS = 60 * 60_000
/** What stands for a key and is not there is just being written, for at most so long. */
const LOOKS_MS = [50, 150, 400]

/**
 * The grant that stands for `key` and answers the same request of the same principal again: one that waits, is
 * about to run, has run and is still there to be read, or was denied within the hour. Undefined once `own`
 * stands for it.
 */
export async function pendingElsewhere(
  ports: Ports,
  key: string,
  own: GrantId,
): Promise<Grant | undefined> {
  let instead: GrantId | undefined
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- each round answers to the one before
    const id = await ports.grants.standFor(key, own, instead)
    if (id === own) return undefined
    // oxlint-disable-next-line no-await-in-loop
    const grant = await whenWritten(ports, id)
    // oxlint-disable-next-line no-await-in-loop
    if (grant !== undefined && (await answers(ports, grant))) return grant
    instead = id
  }
}

async function whenWritten(ports: Ports, id: GrantId): Promise<Grant | undefined> {
  for (const ms of LOOKS_MS) {
    // oxlint-disable-next-line no-await-in-loop -- until it is there
    const grant = await ports.grants.find(id)
    if (grant !== undefined) return grant
    // oxlint-disable-next-line no-await-in-loop
    await wait(ms)
  }
  return ports.grants.find(id)
}

async function answers(ports: Ports, grant: Grant): Promise<boolean> {
  const now = ports.clock()
  const { state, until, hasStarted, box } = standingOf(grant)
  if (hasStarted && state !== 'revoked')
    return (
      !(await hasEnded(ports, grant.call)) ||
      // Of a time box, another one runs.
      (box === undefined && until !== undefined && now < until && isReadAgain(ports, grant))
    )
  switch (state) {
    case 'approval-awaited':
      return now < grant.expiresAt
    case 'active':
      return until === undefined || now < until
    case 'denied':
    case 'revoked':
      return now - (grant.events.at(-1)?.at ?? 0) < NO_STANDS_MS
    case 'expired':
    case 'ended':
      return false
  }
}

/**
 * Whether who asks again reads what was found. An MCP server goes on when its host gives up, and takes the rows
 * that nobody sees; then the host asks again.
 */
async function isReadAgain({ entries }: Ports, { call, told }: Grant): Promise<boolean> {
  // Who writes the same again may mean it.
  if (told.statementType !== 'SELECT') return false
  const end = await entries.get(`${call}~end`)
  return end?.entry.type === 'outcome' && end.entry.outcome === 'released'
}
