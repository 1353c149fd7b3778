import { z } from '@hono/zod-openapi'

import { approvalList, approvalState, approvalView } from '../../approval-desk/api/approval-view.ts'
import {
  cancellationBody,
  reviewBody,
  revocationBody,
  voteBody,
} from '../../approval-desk/api/approvals-bodies.ts'
import type { AuditApp } from './audit-app.ts'
import { refusal } from './describe-route.ts'

/** Describes the approvals API, which the approval desk serves at `/v1/approvals`, beside the rest. */
export function describeApprovals(app: AuditApp): void {
  const pageToken = z.object({ pageToken: z.string().optional() })
  const id = z.object({ id: z.string() })
  describe('get', '', 'approvals.list', 'What waits for you, and what you asked for', [200], {
    query: pageToken,
    answer: approvalList.openapi('ApprovalList'),
  })
  describe('get', '/{id}', 'approvals.get', 'All that is to be known before you decide', [200], {
    params: id,
    answer: approvalView.openapi('Approval'),
  })
  const state = approvalState.openapi('ApprovalState')
  for (const [what, name, summary, body] of deeds)
    describe('post', `/{id}/${what}`, name, summary, [200, 202], {
      params: id,
      body,
      answer: state,
    })

  function describe(
    method: 'get' | 'post',
    path: string,
    operationId: string,
    summary: string,
    good: readonly number[],
    shapes: {
      readonly params?: z.ZodObject
      readonly query?: z.ZodObject
      readonly body?: z.ZodType
      readonly answer: z.ZodType
    },
  ): void {
    const { params, query, body, answer } = shapes
    const content = { 'application/json': { schema: answer } }
    const bad = method === 'get' ? [400, 401, 403, 404, 503] : [400, 401, 403, 404, 409, 413, 503]
    app.openAPIRegistry.registerPath({
      method,
      path: `/v1/approvals${path}`,
      operationId,
      tags: ['approvals'],
      summary,
      description:
        'For whoever may see the request: approvers it concerns, and whoever asked. With a token of their own.',
      security: [{ bearer: [] }],
      request: {
        ...(params && { params }),
        ...(query && { query }),
        ...(body && { body: { content: { 'application/json': { schema: body } } } }),
      },
      responses: Object.fromEntries([
        ...good.map((status) => [status, { description: said[status] ?? '', content }] as const),
        ...bad.map((status) => [status, refusal(status)] as const),
      ]),
    })
  }
}

const said: Readonly<Record<number, string>> = {
  200: 'How it stands.',
  202: 'On its way: nobody knows yet whether it counts.',
}

const deeds = [
  ['votes', 'approvals.vote', 'Say yes or no', voteBody],
  ['revocation', 'approvals.revoke', 'Take a yes back; what runs is stopped', revocationBody],
  ['review', 'approvals.review', 'Close the review of a broken glass', reviewBody],
  ['cancellation', 'approvals.cancel', 'Take back what you asked for', cancellationBody],
] as const
