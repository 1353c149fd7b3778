import type { Grant } from '../../approval/grant.ts'
import { type Standing, standingOf } from '../../approval/standing.ts'
import type { ApprovalTerms } from '../../policy/approval-terms.ts'
import { formatListPrice } from '../bytes-and-cost.ts'
import type { Act, ApprovalState, ApprovalSummary, ApprovalView } from './approval-view.ts'
import { historyOf } from './history-of.ts'
import { timeOf, voterView } from './voter-view.ts'

/** A request as a list shows it to somebody who may do `youMay`. */
export function summaryOf(grant: Grant, youMay: readonly Act[]): ApprovalSummary {
  const { id, request, session, told, digest } = grant
  const { issuer, subject, email, clientId } = request.principal
  const { server, tool } = session.claimed
  const { state, until, brokeGlass, reviewOpen } = standingOf(grant)
  const { statementType, tables, targets, estimatedBytes } = told
  return {
    id,
    state,
    youMay: [...youMay],
    requester: { issuer, subject, email, clientId },
    claimed: { server, tool },
    statementType,
    tables: [...tables],
    targets: [...targets],
    estimatedBytes,
    listPrice: estimatedBytes === undefined ? undefined : formatListPrice(estimatedBytes),
    requestedAt: timeOf(grant.requestedAt),
    expiresAt: timeOf(grant.expiresAt),
    until: until === undefined ? undefined : timeOf(until),
    brokeGlass: brokeGlass !== undefined,
    reviewOpen,
    digest,
  }
}

/** All of a request, for somebody who may see it. */
export function viewOf(grant: Grant, youMay: readonly Act[]): ApprovalView {
  const { request, session, told, job, terms } = grant
  const { principal, defaultDataset } = request
  const summary = summaryOf(grant, youMay)
  const standing = standingOf(grant)
  return {
    ...summary,
    requester: {
      ...summary.requester,
      groups: [...principal.groups],
      actors: principal.actors.map(({ issuer, subject }) => ({ issuer, subject })),
    },
    session: {
      id: request.session,
      sourceAddress: session.verified.sourceAddress,
      claimed: { name: session.claimed.name, userAgent: session.claimed.userAgent },
    },
    projectId: request.projectId,
    location: request.location,
    jobId: job.jobId,
    governedColumns: [...told.governedColumns],
    justification: told.justification,
    sql: request.sql,
    defaultDataset: defaultDataset && `${defaultDataset.projectId}.${defaultDataset.datasetId}`,
    parameters: [...request.parameters],
    maximumBytesBilled: strictest(grant),
    terms: terms.map(termsView),
    votes: standing.votes.map(({ by, verdict, reason }) => ({
      by: voterView(by),
      verdict,
      reason,
    })),
    timeBox: timeBoxView(standing),
    history: historyOf(grant),
  }
}

/** How a request stands, for somebody who did something with it. */
export function stateOf(grant: Grant, settled: boolean): ApprovalState {
  return { id: grant.id, state: standingOf(grant).state, digest: grant.digest, settled }
}

function strictest({ request: { decision, options } }: Grant): number | undefined {
  const limits = [decision.obligations.maximumBytesBilled, options.maximumBytesBilled]
  const most = Math.min(...limits.flatMap((each) => (each === undefined ? [] : Number(each))))
  return Number.isFinite(most) ? most : undefined
}

/** Whom it takes; not which machines, nor where it is asked. */
function termsView(terms: ApprovalTerms): ApprovalView['terms'][number] {
  const { id, description, approvers, quorum, escalation, timeBox } = terms
  return {
    id,
    description,
    of: approvers.of,
    groups: approvers.groups.map(({ group, votes }) => ({ group, votes })),
    quorum,
    escalationGroup: escalation?.group,
    timeBox,
  }
}

function timeBoxView({ box, bytesUsed, uses }: Standing): ApprovalView['timeBox'] {
  if (box === undefined) return undefined
  const { tables, statementType, maximumBytes } = box
  return { tables: [...tables], statementType, maximumBytes, bytesUsed, uses }
}
