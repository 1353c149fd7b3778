import { randomUUID } from 'node:crypto'

import { z } from 'zod'

import { parseGrantId } from '../../shared/approval/grant-id.ts'
import type { Grant, Vote } from '../../shared/approval/grant.ts'
import { HOSPITAL_POLICY, hospitalWorld } from './hospital-world.ts'
import { ISSUER, type Person } from './people.ts'
import type { World, WorldOptions } from './world.ts'

/** Analysts' queries on claims are held for the privacy office; everything else is as in the hospital. */
export const APPROVAL_POLICY = HOSPITAL_POLICY.replace(
  'rules:',
  `roles: { privacy-office: approver, clinicians: approver }
approvals:
  - id: office
    description: The privacy office decides.
    approvers: { anyOf: [{ group: privacy-office, votes: 1 }] }
    wait: 1h
    useWithin: 15m
    breakGlass: { group: on-call }
    timeBox: { longest: 8h, maximumBytes: 10 GiB }
  - id: two
    description: Two of the privacy office.
    approvers: { anyOf: [{ group: privacy-office, votes: 2 }] }
rules:
  - id: claims-are-held
    description: Claims of people are read with leave.
    effect: require-approval
    approval: office
    when: query.tables.exists(t, t == "acme.hospital.claims")
  - id: staff-is-held-twice
    description: Staff is read with leave of two.
    effect: require-approval
    approval: two
    when: query.tables.exists(t, t == "acme.hospital.staff")`,
)

export const CLAIMS = 'SELECT id, amount FROM acme.hospital.claims ORDER BY id LIMIT 2'

/** The gateway with GoogleSQL and the local BigQuery, under `APPROVAL_POLICY`. */
export async function approvalWorld(
  policy = APPROVAL_POLICY,
  options: Pick<WorldOptions, 'portsVia'> = {},
) {
  const lab = await hospitalWorld(policy, options)
  return { ...lab, ...approvals(lab.gateway) }
}

/** What tests do with approvals in a world. */
export function approvals({ desk, state, request, store }: World) {
  const jobReply = z.object({
    jobComplete: z.boolean().optional(),
    jobReference: z.object({ jobId: z.string() }),
  })
  const here = {
    /** The grant a reply's job waits for. */
    grantOf: async (reply: Response): Promise<Grant> => {
      const { jobReference } = jobReply.parse(await reply.clone().json())
      const id = parseGrantId(jobReference.jobId.replace(/^sluice_/, ''))
      const grant = id && (await state.grants.find(id))
      if (grant === undefined) throw new Error('no grant of that job')
      return grant
    },
    jobIdOf: async (reply: Response): Promise<string> =>
      jobReply.parse(await reply.clone().json()).jobReference.jobId,
    again: async ({ id }: Grant): Promise<Grant> => {
      const grant = await state.grants.find(id)
      if (grant === undefined) throw new Error('the grant is gone')
      return grant
    },
    /** A vote as the queue delivers it; resolves once it is settled and all that follows is done. */
    vote: async (
      grant: Grant,
      by: Person,
      verdict: Vote['verdict'] = 'approve',
      change: Partial<Vote> = {},
    ): Promise<void> => {
      const vote = voteOf(grant, by, verdict, change)
      await desk.receive['dev.sluice.approval.vote']?.({
        type: 'dev.sluice.approval.vote',
        id: vote.id,
        at: Date.now(),
        grant: grant.id,
        vote,
      })
    },
    /** Rows, or what there is instead. */
    results: (jobId: string, as: Person = 'ana', timeoutMs = 0) =>
      request(`/bigquery/v2/projects/acme/queries/${jobId}?timeoutMs=${timeoutMs}`, { as }),
    job: (jobId: string, as: Person = 'ana') =>
      request(`/bigquery/v2/projects/acme/jobs/${jobId}`, { as }),
    /** The kinds of entries of a call, in their order, with the events of its grant. */
    story: (call: string): readonly string[] =>
      store
        .stored()
        .map(({ entry }) => entry)
        .filter((entry) => entry.call === call)
        .map((entry) => {
          if (entry.type === 'approval') return `approval:${entry.event.type}`
          return entry.type === 'outcome' ? `outcome:${entry.outcome}` : entry.type
        }),
  }
  return here
}

/** A vote by somebody of these tests. */
export function voteOf(
  grant: Grant,
  by: Person,
  verdict: Vote['verdict'] = 'approve',
  change: Partial<Vote> = {},
): Vote {
  return {
    id: randomUUID(),
    by: {
      issuer: ISSUER,
      subject: by,
      email: `${by}@acme.example`,
      clientId: 'bq',
      actors: [],
      groups: by === 'carla' ? ['clinicians'] : ['privacy-office'],
      channel: 'api',
      proof: 'digest-of-a-token',
    },
    verdict,
    reason: verdict === 'deny' ? 'not for this' : '',
    digest: grant.digest,
    box: undefined,
    ...change,
  }
}
