import { parseGrantId } from '../../shared/approval/grant-id.ts'
import type { Grant, GrantEvent, Told, Vote, Voter } from '../../shared/approval/grant.ts'
import type { ApprovalTerms } from '../../shared/policy/approval-terms.ts'

export const ASKED_AT = Date.UTC(2026, 10, 21, 7, 25)
export const DIGEST = '3f2a9c41b0d7e65f8841c2d9a7be03f5614d8e0a92c7b35f1de86a40c9b7d218'

const id = parseGrantId('k3m5q7w2a4c6e2g4i6k2m4o6q2')
if (id === undefined) throw new Error('no id')
export const GRANT = id

export const privacyOffice: ApprovalTerms = {
  id: 'claims-by-agents',
  description: 'The privacy office looks at what agents want of claims.',
  approvers: { of: 'all', groups: [{ group: 'privacy-office', votes: 1 }] },
  quorum: 1,
  machines: [],
  waitMs: 3_600_000,
  useWithinMs: 900_000,
  hours: undefined,
  remindersMs: [900_000],
  escalation: { afterMs: 1_800_000, group: 'security', slackChannel: 'C0SECURITY' },
  breakGlass: { group: 'on-call' },
  timeBox: undefined,
  slackChannel: 'C0PRIVACY',
}

export const pia: Voter = {
  issuer: 'https://id.acme.example',
  subject: 'pia',
  email: 'pia@acme.example',
  clientId: undefined,
  actors: [],
  groups: ['privacy-office'],
  channel: 'slack',
  proof: 'U0PIA',
}

export const piasVote = (verdict: Vote['verdict'], reason = ''): Vote => ({
  id: 'vote-1',
  by: pia,
  verdict,
  reason,
  digest: DIGEST,
  box: undefined,
})

/** What an agent of Ana asks: a grant with everything that approvers are told. */
export function slackGrant(
  change: {
    readonly sql?: string
    readonly told?: Partial<Told>
    readonly terms?: readonly ApprovalTerms[]
    readonly session?: Partial<Grant['session']['claimed']>
    readonly principal?: Partial<Grant['request']['principal']>
  } = {},
  ...events: readonly GrantEvent[]
): Grant {
  return {
    id: GRANT,
    call: 'call',
    requestEntry: 'e'.repeat(64),
    job: { projectId: 'acme', jobId: 'sluice_call', location: 'US' },
    connection: 'hospital',
    session: {
      verified: { sourceAddress: undefined },
      claimed: {
        userAgent: 'genai-toolbox/1.12.0',
        apiClient: undefined,
        name: undefined,
        server: 'genai-toolbox/1.12.0',
        tool: 'claims_by_month',
        ...change.session,
      },
    },
    request: {
      principal: {
        issuer: 'https://id.acme.example',
        subject: 'ana',
        groups: ['mcp-agent'],
        clientId: 'mcp-toolbox',
        email: 'ana@acme.example',
        claims: {},
        actors: [],
        ...change.principal,
      },
      session: 's'.repeat(26),
      projectId: 'acme',
      location: 'US',
      sql:
        change.sql ??
        'SELECT c.month, COUNT(*) AS claims\nFROM `acme`.`hospital`.`claims` AS c\nWHERE c.amount > @least\nGROUP BY c.month',
      defaultDataset: undefined,
      parameters: [{ name: 'least', parameterValue: { value: '1000' } }],
      parameterMode: 'NAMED',
      options: {
        maximumBytesBilled: undefined,
        jobTimeoutMs: undefined,
        useQueryCache: undefined,
        priority: undefined,
        labels: {},
      },
      justification: undefined,
      decision: {
        effect: 'require-approval',
        rules: ['agents-ask-for-claims'],
        obligations: {
          maximumBytesBilled: 10 * 2 ** 30,
          jobTimeoutMs: undefined,
          maximumRows: undefined,
          masks: [],
          governed: true,
        },
        approvals: ['claims-by-agents'],
        policyDigest: 'd'.repeat(64),
      },
      sources: [],
    },
    digest: DIGEST,
    effectiveDigest: 'f'.repeat(64),
    terms: change.terms ?? [privacyOffice],
    told: {
      statementType: 'SELECT',
      tables: ['acme.hospital.claims'],
      targets: [],
      governedColumns: ['acme.hospital.claims.diagnosis'],
      estimatedBytes: 1_932_735_283,
      justification: 'Monthly report for the board, ticket OPS-812',
      ...change.told,
    },
    requestedAt: ASKED_AT,
    expiresAt: ASKED_AT + 3_600_000,
    events: [{ type: 'asked', at: ASKED_AT }, ...events],
  }
}
