import { z } from '@hono/zod-openapi'

import type { Principal } from '../../identity/principal.ts'
import type { Holds } from '../../recording/holds/holds.ts'
import { releaseHold, setHold } from '../../recording/holds/set-hold.ts'
import { recordedPrincipal } from '../../recording/recorded-caller.ts'
import type { AuditPorts, AuditSurface } from '../audit-ports.ts'
import type { AuditApp } from './audit-app.ts'
import { nothing } from './audit-route.ts'
import { holdBody, releaseBody } from './records-bodies.ts'
import { holdView, holdsView, viewOfHold } from './records-view.ts'
import { refuse, serveRoute, tellJson } from './serve-route.ts'
import { anyOf, onlyAuditors } from './who-may.ts'

export interface HoldsPorts extends AuditPorts {
  readonly holds: Holds
}

/**
 * `GET /holds` lists the holds in force, `POST` sets one, `POST /holds/{id}/release` releases it. For auditors; a
 * records-manager may see them.
 */
export function holdsRoutes(app: AuditApp, ports: HoldsPorts, surface: AuditSurface): void {
  serveRoute(
    app,
    ports,
    surface,
    {
      method: 'get',
      path: '/holds',
      what: 'holds.list',
      tag: 'records',
      summary: 'The legal holds in force',
      description: 'For auditors and records-managers.',
      mayNot: anyOf(['auditor', 'records-manager'], { problem: 'no-auditor' }),
      recorded: 'as-read',
      params: nothing,
      query: nothing,
      body: nothing,
      answer: { name: 'Holds', schema: holdsView },
    },
    async () => tellJson({ holds: (await ports.holds.list()).map(viewOfHold) }),
  )
  const change = {
    method: 'post',
    tag: 'records',
    mayNot: onlyAuditors,
    recorded: 'by-itself',
    query: nothing,
    answer: { name: 'Hold', schema: holdView },
    problems: [404],
  } as const
  serveRoute(
    app,
    ports,
    surface,
    {
      ...change,
      path: '/holds',
      what: 'holds.create',
      summary: 'Set a legal hold',
      description:
        'What it covers is neither deleted nor erased until it is released. For auditors.',
      params: nothing,
      body: holdBody,
    },
    ({ caller, body: { session, principal, reason } }) =>
      done(setHold(ports, ports.holds, { scope: { session, principal }, by: by(caller), reason })),
  )
  serveRoute(
    app,
    ports,
    surface,
    {
      ...change,
      path: '/holds/{id}/release',
      what: 'holds.release',
      summary: 'Release a legal hold',
      description: 'For auditors.',
      params: z.strictObject({ id: z.string() }),
      body: releaseBody,
    },
    ({ caller, params: { id }, body: { reason } }) =>
      done(releaseHold(ports, ports.holds, { id, by: by(caller), reason })),
  )
}

async function done(work: ReturnType<typeof releaseHold>) {
  try {
    const hold = await work
    return hold === undefined ? refuse({ problem: 'no-hold' }) : tellJson(viewOfHold(hold))
  } catch (cause) {
    return refuse({ problem: 'record-unavailable', cause })
  }
}

function by({ principal }: { readonly principal: Principal }) {
  return recordedPrincipal(principal)
}
