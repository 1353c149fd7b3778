import { type Context, Hono } from 'hono'

import { bareFacts } from '../recording/bare-facts.ts'
import { newCallId } from '../recording/call-id.ts'
import { answerRefused } from './answer.ts'
import { tellAnswered } from './answered-call.ts'
import { bigQueryRoutes } from './bigquery-routes.ts'
import { discoveryDocument } from './discovery.ts'
import { healthRoutes } from './health-routes.ts'
import { notOffered } from './not-offered.ts'
import { admit } from './pipeline.ts'
import type { Ports } from './ports.ts'
import { recordRefusedSignIns, signInEndpoints } from './record-sign-in.ts'
import type { Refusal } from './refusal.ts'
import { requestFacts } from './serve.ts'
import type { Surface } from './surface.ts'

/** Where the gateway is, and what it serves beside BigQuery's methods. */
export interface AppOptions extends Surface {
  /** Token exchange, sign-in and the metadata about both; see `sign-in/`. */
  readonly signIn: Hono
  /** Other surfaces, by the path they are mounted at: the approvals API, the log, the audit API. */
  readonly mounted: Readonly<Record<string, Fetch>>
  /** Why the gateway cannot serve right now; empty when it can. */
  readonly notReady: () => Promise<readonly string[]>
}

type Fetch = (request: Request, env: unknown) => Response | Promise<Response>

/** The gateway's whole HTTP surface. A method that is not listed here does not exist. */
export function gatewayApp(ports: Ports, options: AppOptions): Hono {
  const app = new Hono()

  app.route('/', healthRoutes(options.notReady))
  const refusedSignIns = recordRefusedSignIns(ports, options)
  for (const [verb, paths] of Object.entries(signInEndpoints))
    app.on(verb, [...paths], refusedSignIns)
  app.route('/', options.signIn)
  for (const [path, fetch] of Object.entries(options.mounted))
    app.mount(path, (request: Request, env: unknown) => fetch(request, env))

  // `bq` asks for it with its token and builds its client from the answer.
  app.get('/$discovery/rest', (c) => {
    const version = c.req.query('version') ?? 'v2'
    return version === 'v2'
      ? admitted(c, () => c.json(discoveryDocument(options.publicUrl)))
      : refused(c, { problem: 'unknown-method', what: 'that version of the API' })
  })
  // Node with BIGQUERY_EMULATOR_HOST and Go with a bare endpoint leave the prefix out.
  app.route('/bigquery/v2', bigQueryRoutes(ports, options))
  app.route('/', bigQueryRoutes(ports, options))

  app.notFound((c) => {
    const offer = notOffered(c.req.method, c.req.path)
    const what = `${c.req.method} ${c.req.path.slice(0, 200)}`
    return refused(
      c,
      offer === undefined
        ? { problem: 'unknown-method', what }
        : { problem: 'not-offered', ...offer },
    )
  })
  app.onError((cause, c) => {
    options.onFailure(cause)
    // Whatever broke may break again while the refusal is recorded.
    return refused(c, { problem: 'failed' }).catch(() => failed(c))
  })
  return app

  /** Says that we failed, and no more: nobody is asked who it is, nothing is recorded. */
  async function failed(c: Context): Promise<Response> {
    const arrivedAt = ports.clock()
    const from = { caller: undefined, facts: requestFacts(c, options) }
    const call = newCallId(ports.random)
    const facts = bareFacts(c.req.method, undefined)
    const answered = await answerRefused(ports, options, from, {
      refusal: { problem: 'failed' },
      call,
      facts,
      decision: undefined,
      recorded: true,
    })
    return tellAnswered(options, ports.clock, { operation: 'none', arrivedAt }, answered)
  }

  /** Refuses whoever it is, under their name if they have one. */
  function refused(c: Context, refusal: Refusal): Promise<Response> {
    return admitted(c, undefined, refusal)
  }

  async function admitted(
    c: Context,
    serve: (() => Response) | undefined,
    refusal?: Refusal,
  ): Promise<Response> {
    const arrivedAt = ports.clock()
    const facts = requestFacts(c, options)
    const authorization = c.req.header('authorization')
    const caller = await admit(ports, authorization, facts, c.req.raw.signal)
    if (caller.ok && serve !== undefined) return serve()
    const reason = refusal ?? (caller.ok ? { problem: 'failed' as const } : caller.error)
    const answered = await answerRefused(
      ports,
      options,
      { caller: caller.ok ? caller.value : undefined, facts },
      {
        refusal: reason,
        call: newCallId(ports.random),
        facts: bareFacts(`${c.req.method} ${c.req.path.slice(0, 200)}`, undefined),
        decision: undefined,
        recorded: false,
      },
    )
    return tellAnswered(options, ports.clock, { operation: 'none', arrivedAt }, answered)
  }
}
