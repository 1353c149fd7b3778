import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { z } from 'zod'

import {
  MAX_BODY_BYTES,
  cancellationBody,
  readBody,
  reviewBody,
  revocationBody,
  voteBody,
} from './approvals-bodies.ts'
import { type ApprovalsCaller, admit } from './approvals-caller.ts'
import type { ApprovalsPorts, ApprovalsSurface } from './approvals-ports.ts'
import { type ApprovalsRefusal, type Outcome, refuse } from './approvals-refusal.ts'
import { castApiVote } from './cast-api-vote.ts'
import { cancelApproval, reviewApproval, revokeApproval } from './change-approval.ts'
import { listApprovals } from './list-approvals.ts'
import { respond } from './respond.ts'
import { showApproval } from './show-approval.ts'

interface Env {
  /** There is none before somebody is known. */
  readonly Variables: { caller: ApprovalsCaller }
}

/**
 * The approvals API, to be mounted at `/v1/approvals`: what waits for whom, votes, and what people do about leave they
 * gave. Everybody comes with a token of their own; nothing of any other request is read.
 */
export function approvalsRoutes(ports: ApprovalsPorts, surface: ApprovalsSurface): Hono<Env> {
  const app = new Hono<Env>()
  app.use(async (c, next) => {
    const caller = await admit(ports, surface, c)
    if (!caller.ok) return refused(c, caller.error)
    c.set('caller', caller.value)
    return next()
  })
  app.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (c) => refused(c, { problem: 'body-too-large', limit: MAX_BODY_BYTES }),
    }),
  )
  app.get('/', (c) => answer(c, listApprovals(ports, c.get('caller'), c.req.query())))
  app.get('/:id', (c) => answer(c, showApproval(ports, c.get('caller'), c.req.param('id'))))
  change('votes', voteBody, castApiVote)
  change('revocation', revocationBody, revokeApproval)
  change('review', reviewBody, reviewApproval)
  change('cancellation', cancellationBody, cancelApproval)
  app.onError((cause, c: Context<Env>) => refused(c, { problem: 'failed', cause }))
  return app

  function change<B>(what: string, schema: z.ZodType<B>, serve: Serve<B>): void {
    app.post(`/:id/${what}`, async (c) => {
      const caller = c.get('caller')
      // An agent may take back what it asked for; whatever people decide, they decide themselves.
      if (caller.principal.actors.length > 0 && what !== 'cancellation')
        return refused(c, { problem: 'delegated' })
      const body = await readBody(c, schema)
      const id = c.req.param('id') ?? ''
      return answer(c, body.ok ? serve(ports, caller, id, body.value) : body)
    })
  }

  async function answer(c: Context<Env>, outcome: Promise<Outcome> | Outcome): Promise<Response> {
    return respond(ports, surface, c, { caller: c.get('caller'), outcome: await outcome })
  }

  function refused(c: Context<Env>, refusal: ApprovalsRefusal): Promise<Response> {
    return answer(c, refuse(refusal))
  }
}

type Serve<B> = (
  ports: ApprovalsPorts,
  caller: ApprovalsCaller,
  id: string,
  body: B,
) => Promise<Outcome>
