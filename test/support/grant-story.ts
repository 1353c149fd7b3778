import { expect } from 'vitest'

import type { Grant, GrantId } from '../../shared/approval/grant.ts'
import type { VoteCast } from '../../shared/approval/messages.ts'
import { standingOf } from '../../shared/approval/standing.ts'
import type { Entry } from '../../shared/recording/entry.ts'
import { entryLabel } from '../../shared/recording/job-labels.ts'
import type { Office } from './approval-office.ts'

/**
 * What is true of every grant once nothing is under way, whatever happened to it: at most one job started, and only
 * of what was approved and not denied before; the record tells every event, every vote and at most one end.
 */
export async function expectSoundStory(
  office: Office,
  id: GrantId,
  cast: readonly VoteCast[] = [],
): Promise<Grant> {
  const grant = await office.grant(id)
  const types = grant.events.map(({ type }) => type)
  const story = types.join(' ')
  const entries = await entriesOf(office, grant.call)
  const label = entryLabel(grant.requestEntry)
  const jobs = [...office.bigQuery.jobs.values()].filter(
    ({ configuration }) => labelOf(configuration) === label,
  )

  expect(jobs.length, story).toBeLessThanOrEqual(1)
  expect(office.unrecorded, 'bigquery heard of it before the record').not.toContain(grant.call)
  const once = ['approved', 'denied', 'expired', 'cancelled', 'revoked', 'started', 'not-started']
  for (const type of once) expect(types.filter((one) => one === type).length, story).toBeLessThan(2)
  if (jobs.length > 0) {
    const claim = types.indexOf('starting')
    expect(types.indexOf('approved'), story).toBeGreaterThan(0)
    expect(claim, story).toBeGreaterThan(types.indexOf('approved'))
    for (const no of ['denied', 'cancelled', 'expired'] as const)
      if (types.includes(no)) expect(types.indexOf(no), story).toBeGreaterThan(claim)
    if (types.includes('revoked')) expect(types.indexOf('revoked'), story).toBeGreaterThan(claim)
  }

  // Every event is an entry of its number, and there is no other.
  const told = entries.filter((entry) => entry.type === 'approval')
  expect(
    told.toSorted((a, b) => a.number - b.number).map(({ number, event }) => ({ number, event })),
    story,
  ).toEqual(grant.events.map((event, number) => ({ number, event })))
  expect(entries.filter(({ type }) => type === 'request')).toHaveLength(1)
  const ends = entries.filter((entry) => entry.type === 'outcome')
  expect(ends.length, story).toBeLessThanOrEqual(1)
  const { neverRan } = standingOf(grant)
  if (neverRan !== undefined)
    expect(ends, story).toMatchObject([{ outcome: 'not-run', detail: neverRan.type }])
  else
    expect(
      ends.map(({ outcome }) => outcome),
      story,
    ).not.toContain('not-run')

  const refused = entries.flatMap((entry) => (entry.type === 'refused-vote' ? [entry] : []))
  for (const { vote } of cast) {
    const counted = grant.events.filter((e) => e.type === 'voted' && e.vote.id === vote.id).length
    const notCounted = refused.filter((entry) => entry.vote.id === vote.id)
    expect(counted + notCounted.length, `${vote.verdict} in ${story}`).toBe(1)
    for (const { problem } of notCounted) expect(problem).toMatch(/^[a-z-]+$/)
  }
  return grant
}

/** The same once nothing can happen any more: what was approved ran, or the record says why not. */
export async function expectWholeStory(
  office: Office,
  id: GrantId,
  cast: readonly VoteCast[] = [],
): Promise<Grant> {
  const grant = await expectSoundStory(office, id, cast)
  const { state, isStarting, hasStarted } = standingOf(grant)
  const story = grant.events.map(({ type }) => type).join(' ')
  expect(['denied', 'expired', 'ended', 'revoked'], story).toContain(state)
  expect(isStarting, story).toBe(false)
  const job = office.bigQuery.jobs.get(grant.job.jobId)
  expect(hasStarted, story).toBe(job !== undefined)
  if (state === 'revoked' && job !== undefined) expect(job.cancelled, story).toBe(true)
  expect(await office.kept.grants.listOpen(500), story).not.toContain(id)
  return grant
}

/** All of a call, oldest first. */
export async function entriesOf(office: Office, call: string): Promise<readonly Entry[]> {
  const page = await office.kept.entries.list({ call, limit: 1_000 })
  if (!page.ok) throw new Error('no page')
  return page.value.entries.map(({ entry }) => entry).toReversed()
}

function labelOf({ labels }: Record<string, unknown>): unknown {
  return typeof labels === 'object' && labels !== null && 'sluice_entry' in labels
    ? labels.sluice_entry
    : undefined
}
