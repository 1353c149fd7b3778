import { setTimeout as sleep } from 'node:timers/promises'

import { expect } from 'vitest'

import type { RequestEntry } from '../../../shared/recording/entry.ts'
import type { ClientWorld } from './client-world.ts'

/** A query that people have to approve, and what becomes of it. */
export interface Held {
  readonly call: string
  /** Petra of the privacy office, who did not ask, on the command line. */
  decide(verb: 'approve' | 'deny' | 'revoke', reason?: string): Promise<void>
  /** Requests of the client about its job; not the one that started it. */
  looks(): readonly string[]
  /** What the record says of it, entry by entry. */
  story(): Promise<readonly string[]>
  /** How often BigQuery was asked to run it. */
  runs(): number
}

/** A query of patients that nobody asked before, with its name in it. */
export const patients = (name: string): string =>
  `SELECT name, ssn FROM ward.patients WHERE id > 0 AND '${name}' != '' ORDER BY id LIMIT 2`

/** Its rows. */
export const MASKED = [
  { name: 'Ann', ssn: 'XXXXX6781' },
  { name: 'Bob', ssn: 'XXXXX6782' },
] as const

/** The query with this name, as soon as it waits. Rejects when it does not within 30 s. */
export async function held(world: ClientWorld, name: string): Promise<Held> {
  for (let tries = 0; tries < 300; tries += 1) {
    // oxlint-disable-next-line no-await-in-loop -- until it is there
    const [entry] = await asked(world, name)
    if (entry !== undefined) {
      const waiting = heldCall(world, entry)
      // The request is on the record before there is anything to decide on.
      // oxlint-disable-next-line no-await-in-loop
      if ((await waiting.story()).includes('asked')) return waiting
    }
    // oxlint-disable-next-line no-await-in-loop
    await sleep(100)
  }
  throw new Error(`nothing waits: ${name}`)
}

/** The requests with this name that people were asked about. */
export async function asked(world: ClientWorld, name: string): Promise<readonly RequestEntry[]> {
  const entries = await world.entries()
  return entries
    .filter((entry) => entry.type === 'request')
    .filter(({ dryRun, sql = '' }) => !dryRun && sql.includes(`'${name}'`))
}

function heldCall(world: ClientWorld, { call, job }: RequestEntry): Held {
  const jobId = job?.jobId ?? ''
  expect(jobId).not.toBe('')
  return {
    call,
    decide: async (verb, reason) => {
      const why = reason === undefined ? [] : ['--reason', reason]
      const ended = await world.sluice('approvals', verb, call, '--as', 'petra', ...why)
      expect(ended, ended.stderr).toMatchObject({ code: 0 })
    },
    looks: () => world.requests().filter((line) => line.includes(`/${jobId}`)),
    story: async () =>
      (await world.entries())
        .filter((entry) => entry.call === call)
        .map((entry) => {
          if (entry.type === 'approval') return entry.event.type
          return entry.type === 'outcome' ? entry.outcome : entry.type
        }),
    runs: () =>
      world
        .upstream()
        .filter(({ method, body }) => method === 'POST' && JSON.stringify(body)?.includes(jobId))
        .length,
  }
}

/** Lines of requests that start a query, dry or not. */
export function starts(world: ClientWorld): readonly string[] {
  return world.requests().filter((line) => /^POST [^?]*\/(jobs|queries)(\?|$)/.test(line))
}

/** What the record says of a query that was approved, ran and was fetched. */
export const APPROVED = [
  'request',
  'asked',
  'voted',
  'approved',
  'starting',
  'started',
  'released',
] as const

/** As their client shows it to whoever asked. */
export const DENIED =
  'Access Denied: petra@acme.example denied this query: “ask for totals instead”; change it, or talk to them before you ask again'
export const EXPIRED =
  /^Access Denied: nobody who may approve this query decided by \d{4}-\d\d-\d\dT\d\d:\d\dZ; ask again, or ask them first/
export const REVOKED =
  'Access Denied: petra@acme.example took the approval of this query back: “wrong patients”; talk to them before you ask again'
