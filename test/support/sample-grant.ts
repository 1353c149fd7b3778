import { requestDigest } from '../../shared/approval/effective-request.ts'
import { parseGrantId } from '../../shared/approval/grant-id.ts'
import type { Grant, GrantEvent, GrantId, Vote, Voter } from '../../shared/approval/grant.ts'
import type { ApprovalTerms } from '../../shared/policy/approval-terms.ts'
import { sampleCallId, sampleSession } from './sample-entries.ts'

/** When sample grants are asked for: a Saturday, 12:00 in UTC. */
export const ASKED_AT = Date.UTC(2026, 10, 21, 12)
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE

export function sampleGrantId(number: number): GrantId {
  const id = parseGrantId(sampleCallId(number))
  if (id === undefined) throw new Error('no id of a grant')
  return id
}

/** One vote of the privacy office within an hour, changed as `change` says. */
export function sampleTerms(change: Partial<ApprovalTerms> = {}): ApprovalTerms {
  return {
    id: 'privacy',
    description: 'Claims',
    approvers: { of: 'any', groups: [{ group: 'privacy-office', votes: 1 }] },
    quorum: 1,
    machines: [],
    waitMs: HOUR,
    useWithinMs: 10 * MINUTE,
    hours: undefined,
    remindersMs: [],
    escalation: undefined,
    breakGlass: undefined,
    timeBox: undefined,
    slackChannel: undefined,
    ...change,
  }
}

type GrantChange = Partial<Omit<Grant, 'request' | 'digest'>> & {
  readonly number?: number
  readonly request?: Partial<Grant['request']>
}

/** What Ana asks for, changed as `change` says; `events` come after `asked`. */
export function sampleGrant({
  number = 1,
  request,
  events = [],
  ...change
}: GrantChange = {}): Grant {
  const { principal, id, verified, claimed } = sampleSession()
  const { credential: _, ...facts } = principal
  const effective: Grant['request'] = {
    principal: { ...facts, actors: [] },
    session: id,
    projectId: 'acme',
    location: 'US',
    sql: 'SELECT name FROM `acme.hospital.claims`',
    defaultDataset: undefined,
    parameters: [],
    parameterMode: undefined,
    options: {
      maximumBytesBilled: undefined,
      jobTimeoutMs: undefined,
      useQueryCache: undefined,
      priority: undefined,
      labels: {},
    },
    justification: 'an audit',
    decision: {
      effect: 'require-approval',
      rules: ['agents-ask'],
      obligations: {
        maximumBytesBilled: 1_000_000_000,
        jobTimeoutMs: undefined,
        maximumRows: undefined,
        masks: [],
        governed: true,
      },
      approvals: ['privacy'],
      policyDigest: 'a'.repeat(64),
    },
    sources: [{ kind: 'table', name: 'acme.hospital.claims', etag: 'etag-1' }],
    ...request,
  }
  const grant = sampleGrantId(number)
  return {
    id: grant,
    call: grant,
    requestEntry: 'b'.repeat(64),
    job: { projectId: 'acme', jobId: `sluice_${grant}`, location: 'US' },
    connection: 'main',
    session: { verified, claimed },
    request: effective,
    digest: requestDigest(effective),
    effectiveDigest: 'c'.repeat(64),
    terms: [sampleTerms()],
    told: {
      statementType: 'SELECT',
      tables: ['acme.hospital.claims'],
      targets: [],
      governedColumns: ['acme.hospital.claims.name'],
      estimatedBytes: 1_000,
      justification: 'an audit',
    },
    requestedAt: ASKED_AT,
    expiresAt: ASKED_AT + HOUR,
    ...change,
    events: [{ type: 'asked', at: ASKED_AT }, ...events],
  }
}

/** Somebody of the privacy office, changed as `change` says. */
export function sampleVoter(subject = 'paul', change: Partial<Voter> = {}): Voter {
  return {
    issuer: 'https://id.example',
    subject,
    email: `${subject}@acme.example`,
    clientId: 'sluice-cli',
    actors: [],
    groups: ['privacy-office'],
    channel: 'api',
    proof: `token of ${subject}`,
    ...change,
  }
}

/** A yes to `grant`, changed as `change` says. */
export function sampleVote(grant: Grant, by = sampleVoter(), change: Partial<Vote> = {}): Vote {
  return {
    id: `vote of ${by.subject}`,
    by,
    verdict: 'approve',
    reason: '',
    digest: grant.digest,
    box: undefined,
    ...change,
  }
}

/** The grant once `added` happened to it as well. */
export function withEvents(grant: Grant, added: readonly GrantEvent[]): Grant {
  return { ...grant, events: [...grant.events, ...added] }
}
