import type { Grant, GrantEvent } from '../../shared/approval/grant.ts'
import { sampleDecision, sampleSession } from './sample-entries.ts'
import { sampleRequested } from './sample-messages.ts'

/** What must never be in a message. */
export const QUERY_CANARY = 'canary-7f3a'

/** A grant with a canary in every place that holds text of the query or of its author. */
export function canaryGrant(...events: readonly GrantEvent[]): Grant {
  const { principal, id: session, verified, claimed } = sampleSession(QUERY_CANARY)
  const { credential: _, ...person } = principal
  const canary = (what: string): string => `${what} ${QUERY_CANARY}`
  const { grant: id, digest } = sampleRequested()
  return {
    id,
    call: QUERY_CANARY,
    requestEntry: QUERY_CANARY,
    job: { projectId: 'acme', jobId: QUERY_CANARY, location: QUERY_CANARY },
    connection: QUERY_CANARY,
    session: { verified, claimed: { ...claimed, name: canary('session') } },
    request: {
      principal: { ...person, claims: { [canary('claim')]: canary('of') } },
      session,
      projectId: QUERY_CANARY,
      location: QUERY_CANARY,
      sql: canary("SELECT * FROM t WHERE ssn = '"),
      defaultDataset: { projectId: QUERY_CANARY, datasetId: QUERY_CANARY },
      parameters: [
        { name: canary('p'), parameterValue: { value: canary('value') } },
        { parameterType: { type: 'STRING' }, parameterValue: { value: QUERY_CANARY } },
      ],
      parameterMode: QUERY_CANARY,
      options: {
        maximumBytesBilled: QUERY_CANARY,
        jobTimeoutMs: QUERY_CANARY,
        useQueryCache: true,
        priority: QUERY_CANARY,
        labels: { [canary('label')]: QUERY_CANARY },
      },
      justification: canary('because of patient'),
      decision: {
        ...sampleDecision,
        effect: 'require-approval',
        rules: [canary('rule')],
        approvals: [QUERY_CANARY],
      },
      sources: [{ kind: 'table', name: canary('source'), etag: QUERY_CANARY }],
    },
    digest,
    effectiveDigest: QUERY_CANARY,
    terms: [],
    told: {
      statementType: canary('SELECT'),
      tables: ['acme.hospital.claims'],
      targets: [canary('target')],
      governedColumns: [canary('column')],
      estimatedBytes: 1024,
      justification: canary('because of patient'),
    },
    requestedAt: 1_790_000_000_000,
    expiresAt: 1_790_000_600_000,
    events,
  }
}
