import type { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'

import { type Result, err, ok } from '../../kernel/result.ts'
import { type Admitted, admit } from '../admit.ts'
import { answerAuditor, refuseAudit } from '../answer-auditor.ts'
import type { AuditPorts, AuditSurface } from '../audit-ports.ts'
import type { AuditRefusal } from '../audit-refusal.ts'
import { recordAudit } from '../auditor.ts'
import { readBody } from '../read-body.ts'
import type { AuditApp, AuditEnv } from './audit-app.ts'
import type { Answer, Asked, AuditRoute, Serve } from './audit-route.ts'
import { describeRoute } from './describe-route.ts'
import { filterOf } from './filter-of.ts'
import { readParams, readQuery } from './read-query.ts'

const MAX_BODY_BYTES = 16 * 1024

/**
 * Adds a route to the audit API, and to its description. Whoever may not call it is refused before anything of the request
 * is read; what is not understood is refused; and what is read of the record is an entry before it is answered.
 */
export function serveRoute<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  app: AuditApp,
  ports: AuditPorts,
  surface: AuditSurface,
  route: AuditRoute<P, Q, B>,
  serve: Serve<z.output<P>, z.output<Q>, z.output<B>>,
): void {
  app.openAPIRegistry.registerPath(describeRoute(route))
  const maxSize = route.maxBodyBytes ?? MAX_BODY_BYTES
  app.on(
    route.method,
    route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    async (c, next) => {
      const caller = await admit(ports, surface, c, route.mayNot)
      if (!caller.ok) return refuseAudit(ports, surface, c, caller.error)
      c.set('caller', caller.value)
      return next()
    },
    bodyLimit({
      maxSize,
      onError: (c) => refused(c, { problem: 'body-too-large', limit: maxSize }),
    }),
    async (c) => {
      const asked = await read(c)
      if (!asked.ok) return refused(c, asked.error)
      const answer = await serve(asked.value)
      if (!answer.ok) return refused(c, answer.error)
      return 'response' in answer.value
        ? answer.value.response
        : tell(c, answer.value, { ...asked.value.query, ...asked.value.params })
    },
  )

  async function read(
    c: Context<AuditEnv>,
  ): Promise<Result<Asked<z.output<P>, z.output<Q>, z.output<B>>, AuditRefusal>> {
    const params = readParams(c, route.params)
    if (!params.ok) return params
    const query = readQuery(c, route.query)
    if (!query.ok) return query
    const body = await readBody(c, route.body)
    if (!body.ok) return body
    const caller = c.get('caller')
    return ok({ c, caller, params: params.value, query: query.value, body: body.value })
  }

  async function tell(
    c: Context<AuditEnv>,
    { json, filter, withPrivate = false }: Exclude<Answer, { response: Response }>,
    given: Readonly<Record<string, unknown>>,
  ): Promise<Response> {
    if (route.recorded === 'as-read') {
      const recorded = await recordAudit(ports, c.get('caller'), {
        type: 'audit-read',
        what: route.what,
        filter: filter ?? filterOf(given),
        withPrivate,
      })
      if (!recorded.ok) return refused(c, { problem: 'record-unavailable', cause: recorded.error })
    }
    return answerAuditor(json)
  }

  function refused(c: Context, refusal: AuditRefusal): Promise<Response> {
    const caller: Admitted | undefined = c.get('caller')
    return refuseAudit(ports, surface, c, { refusal, session: caller?.session })
  }
}

/** Says no, as `Serve` says it. */
export function refuse(refusal: AuditRefusal): Result<never, AuditRefusal> {
  return err(refusal)
}

/** Answers with JSON, as `Serve` does. */
export function tellJson(
  json: object,
  rest: { readonly filter?: Readonly<Record<string, string>>; readonly withPrivate?: boolean } = {},
): Result<Answer, never> {
  return ok({ json, ...rest })
}
