import type { ApprovalSummary, ApprovalView } from '../../shared/approval-desk/api/approval-view.ts'

export const APPROVAL = 'k3m7c5t2v2n4p6r3w7x2y4zaab'
export const DIGEST = 'e3b0c442'.repeat(8)

const somebody = (name: string) => ({
  issuer: 'https://login.acme.example',
  subject: name,
  email: `${name}@acme.example`,
})

/** A read of governed columns that waits for two of the privacy office. */
export function aRequest(changes: Partial<ApprovalSummary> = {}): ApprovalSummary {
  return {
    id: APPROVAL,
    state: 'approval-awaited',
    youMay: ['vote'],
    requester: { ...somebody('ana'), clientId: 'claude-desktop' },
    claimed: { server: 'bigquery-mcp', tool: 'execute_sql' },
    statementType: 'SELECT',
    tables: ['acme.hospital.patients', 'acme.hospital.encounters'],
    targets: [],
    estimatedBytes: 48_234_496,
    listPrice: 'USD 0.01',
    requestedAt: '2026-11-20T09:14:00.100Z',
    expiresAt: '2026-11-20T10:14:00.100Z',
    brokeGlass: false,
    reviewOpen: false,
    digest: DIGEST,
    ...changes,
  }
}

/** All of that request, as an approver sees it. */
export function anApproval(changes: Partial<ApprovalView> = {}): ApprovalView {
  return {
    ...aRequest(),
    requester: {
      ...somebody('ana'),
      clientId: 'claude-desktop',
      groups: ['analysts'],
      actors: [{ issuer: 'https://login.acme.example', subject: 'mcp-agent' }],
    },
    session: {
      id: '01k9zq2a1b3c5d7e9f1g3h5j7k',
      sourceAddress: '10.20.30.40',
      claimed: { name: 'triage', userAgent: 'claude-desktop/1.4.2' },
    },
    projectId: 'acme',
    location: 'EU',
    jobId: 'job_8f3aQ',
    governedColumns: ['acme.hospital.patients.ssn', 'acme.hospital.patients.email'],
    justification: 'Quarterly audit of elderly inpatients, ticket AUD-311',
    sql: "SELECT p.id, p.ssn, p.email FROM `acme.hospital.patients` AS p WHERE p.birth_date < DATE '1950-01-01'",
    parameters: [],
    maximumBytesBilled: 1_073_741_824,
    terms: [
      {
        id: 'privacy-two',
        description: 'Two of the privacy office',
        of: 'all',
        groups: [{ group: 'privacy-office', votes: 2 }],
        quorum: 2,
        escalationGroup: 'platform-admins',
        timeBox: { longestMs: 3_600_000, maximumBytes: 10_737_418_240 },
      },
    ],
    votes: [
      { by: { ...somebody('paul'), channel: 'slack' }, verdict: 'approve', reason: 'known study' },
    ],
    history: [
      { type: 'asked', at: '2026-11-20T09:14:00.100Z' },
      {
        type: 'voted',
        at: '2026-11-20T09:17:30.000Z',
        by: { ...somebody('paul'), channel: 'slack' },
        verdict: 'approve',
        reason: 'known study',
      },
    ],
    ...changes,
  }
}
