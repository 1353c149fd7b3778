import { parseGrantId } from '../../shared/approval/grant-id.ts'
import type { ApprovalRequested, VoteCast } from '../../shared/approval/messages.ts'
import { sampleCallId } from './sample-entries.ts'

/** A request for approval that nobody else in the test has: `number` makes its ids. */
export function sampleRequested(number = 1): ApprovalRequested {
  const grant = grantId(number)
  return {
    type: 'dev.sluice.approval.requested',
    id: `${grant}~0`,
    at: 1_790_000_000_000,
    grant,
    news: 'asked',
    digest: 'd'.repeat(64),
    tables: ['acme.hospital.claims'],
    estimatedBytes: 1024,
  }
}

/** A vote on the same grant as that of `sampleRequested`. */
export function sampleVote(number = 1, change: Partial<VoteCast['vote']> = {}): VoteCast {
  const id = `vote-${number}`
  return {
    type: 'dev.sluice.approval.vote',
    id,
    at: 1_790_000_060_000,
    grant: grantId(number),
    vote: {
      id,
      by: {
        issuer: 'https://id.example',
        subject: 'petra',
        email: 'petra@acme.example',
        clientId: 'sluice-cli',
        actors: [{ issuer: undefined, subject: 'agent-7' }],
        groups: ['privacy-office'],
        channel: 'api',
        proof: 'c2FtcGxl',
      },
      verdict: 'deny',
      reason: 'ask for less',
      digest: 'd'.repeat(64),
      box: undefined,
      ...change,
    },
  }
}

function grantId(number: number) {
  const id = parseGrantId(sampleCallId(number))
  if (id === undefined) throw new Error('unreachable')
  return id
}
