import { z } from '@hono/zod-openapi'

import { recordedPrincipal } from '../../recording/recorded-caller.ts'
import type { AuditPorts, AuditSurface } from '../audit-ports.ts'
import type { ReplayPorts } from '../replay/move-to-sandbox.ts'
import { type ReplayProblem, type ToReplay, replay } from '../replay/replay.ts'
import { reportOf } from '../replay/report-of.ts'
import { replayReport } from '../views/replay-view.ts'
import type { AuditApp } from './audit-app.ts'
import { nothing } from './audit-route.ts'
import { refuse, serveRoute, tellJson } from './serve-route.ts'
import { onlyAuditors } from './who-may.ts'

export interface ReplaysPorts extends AuditPorts {
  /** The pipeline that queries go through. */
  readonly replays: ReplayPorts
}

const id = /^[a-z2-7]{26}$/
const replayBody = z
  .strictObject({
    session: z.string().regex(id, 'must be the id of a session').optional(),
    call: z.string().regex(id, 'must be the id of a call').optional(),
    connection: z.string().max(200).optional(),
    asOf: z.literal('then').optional(),
  })
  .transform(({ session, call, connection, asOf }, context): ToReplay => {
    if (session !== undefined && call === undefined) return { of: { session }, connection, asOf }
    if (call !== undefined && session === undefined) return { of: { call }, connection, asOf }
    context.addIssue('name a `session` or a `call`')
    return z.NEVER
  })

/**
 * `POST /replays` runs recorded calls again in a sandbox, `GET /replays/{id}` says how a replay compared. For auditors,
 * who see no rows of it.
 */
export function replaysRoutes(app: AuditApp, ports: ReplaysPorts, surface: AuditSurface): void {
  const common = {
    tag: 'replays',
    mayNot: onlyAuditors,
    query: nothing,
    answer: { name: 'ReplayReport', schema: replayReport },
  } as const
  serveRoute(
    app,
    ports,
    surface,
    {
      ...common,
      method: 'post',
      path: '/replays',
      what: 'replays.create',
      summary: 'Run recorded calls again in a sandbox',
      description:
        'As whoever asked, under the policy in force now, on a connection that policy names a sandbox; each call is recorded ' +
        'like any other. A session of at most 100 calls, or one `call`; none begins later than four minutes after the first. ' +
        'With `asOf: then` tables are read as they were. The answer compares; rows are not in it. For auditors.',
      recorded: 'by-itself',
      params: nothing,
      body: replayBody,
      problems: [404, 409],
    },
    async ({ caller, body }) => {
      const policy = ports.policy()
      if (!policy.ok) return refuse({ problem: 'not-ready' })
      const by = recordedPrincipal(caller.principal)
      const done = await replay(ports.replays, policy.value, by, body)
      if (!done.ok) return refuse(refusalOf(done.error))
      return tellJson(await reportOf(ports.entries, done.value))
    },
  )
  serveRoute(
    app,
    ports,
    surface,
    {
      ...common,
      method: 'get',
      path: '/replays/{id}',
      what: 'replays.get',
      summary: 'How a replay compared',
      description: 'Call by call: decision, schema, rows and digest. For auditors.',
      recorded: 'as-read',
      params: z.strictObject({ id: z.string().regex(/^(replay~)?[a-z2-7]{26}$/) }),
      body: nothing,
      problems: [404],
    },
    async ({ params }) => {
      const kept = await ports.entries.get(`replay~${params.id.replace('replay~', '')}`)
      if (kept?.entry.type !== 'replayed') return refuse({ problem: 'no-replay' })
      return tellJson(await reportOf(ports.entries, kept.entry))
    },
  )
}

function refusalOf(problem: ReplayProblem) {
  switch (problem) {
    case 'no-session':
    case 'no-call':
      return { problem } as const
    case 'no-sandbox':
    case 'too-many-calls':
    case 'no-time-travel':
      return { problem: 'not-replayable', why: problem } as const
  }
}
