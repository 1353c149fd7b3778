import type { Context } from 'hono'

import type { Method } from '../bigquery/call.ts'
import { methods } from '../bigquery/methods.ts'
import { parseStrictJson } from '../bigquery/strict-json.ts'
import { unknownField } from '../bigquery/wire-types.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import { bareFacts } from '../recording/bare-facts.ts'
import { newCallId } from '../recording/call-id.ts'
import type { RequestFacts } from '../session/open-session.ts'
import { answer, answerRefused } from './answer.ts'
import { type Answer, tellAnswered } from './answered-call.ts'
import type { MethodRequest, ServeMethod } from './method.ts'
import { readParameters } from './parameters.ts'
import { admit } from './pipeline.ts'
import type { Ports } from './ports.ts'
import { readBody } from './read-body.ts'
import type { Refusal } from './refusal.ts'
import type { Surface } from './surface.ts'

/** The methods of one path, by the verb they are called with. */
export type Verbs = ReadonlyMap<string, { readonly method: Method; readonly serve: ServeMethod }>

const FORM = 'application/x-www-form-urlencoded'
/** A form stands for a URL that is too long; no parameter of a GET needs megabytes. */
const MAX_FORM_BYTES = 64 * 1024

/**
 * Serves one request for a BigQuery method, from admission to the bytes that leave. The body of a
 * caller who was not admitted is not read. Undefined when the path has no method for this verb.
 */
export function serve(
  ports: Ports,
  surface: Surface,
  c: Context,
  verbs: Verbs,
): Promise<Response> | undefined {
  const override = c.req.header('x-http-method-override')
  // Java and bq send a long GET as a form (at most that: any other override could smuggle a verb).
  const asGet =
    override === 'GET' && c.req.method === 'POST' && mediaType(c) === FORM && verbs.has('GET')
  const offered = verbs.get(asGet ? 'GET' : c.req.method)
  if (offered === undefined) return undefined
  const refusedOverride = override !== undefined && !asGet
  return respond(ports, surface, c, { ...offered, asGet, refusedOverride })
}

interface Offered {
  readonly method: Method
  readonly serve: ServeMethod
  readonly asGet: boolean
  readonly refusedOverride: boolean
}

async function respond(
  ports: Ports,
  surface: Surface,
  c: Context,
  offered: Offered,
): Promise<Response> {
  const call = { operation: offered.method, arrivedAt: ports.clock() }
  const answered = await answerTo(ports, surface, c, offered)
  return tellAnswered(surface, ports.clock, call, answered)
}

async function answerTo(
  ports: Ports,
  surface: Surface,
  c: Context,
  offered: Offered,
): Promise<Answer> {
  const { method } = offered
  const callId = newCallId(ports.random)
  const facts = requestFacts(c, surface)
  const admitted = await admit(ports, c.req.header('authorization'), facts, c.req.raw.signal)
  const unread = bareFacts(method, undefined)
  if (!admitted.ok)
    return answerRefused(
      ports,
      surface,
      { caller: undefined, facts },
      {
        refusal: admitted.error,
        call: callId,
        facts: unread,
        decision: undefined,
        recorded: false,
      },
    )
  const caller = admitted.value
  const input = await readInput(c, offered)
  if (!input.ok)
    return answerRefused(
      ports,
      surface,
      { caller, facts },
      {
        refusal: input.error,
        call: callId,
        facts: unread,
        decision: undefined,
        recorded: false,
      },
    )
  const outcome = await offered.serve(ports, {
    method,
    caller,
    path: c.req.param(),
    callId,
    ...input.value,
  })
  return outcome.ok
    ? answer(ports, outcome.value)
    : answerRefused(ports, surface, { caller, facts }, outcome.error)
}

async function readInput(
  c: Context,
  offered: Offered,
): Promise<Result<Pick<MethodRequest, 'parameters' | 'body'>, Refusal>> {
  if (offered.refusedOverride) return malformed('`X-HTTP-Method-Override` is not accepted here')
  const url = new URL(c.req.url)
  if (c.req.method === 'GET') {
    const parameters = readParameters(offered.method, url.searchParams)
    return parameters.ok
      ? ok({ parameters: parameters.value, body: undefined })
      : malformed(parameters.error)
  }
  const bytes = await readBody(c.req.raw, offered.asGet ? MAX_FORM_BYTES : undefined)
  if (!bytes.ok) return bytes
  const search = new URLSearchParams(url.search)
  if (offered.asGet)
    for (const [name, value] of new URLSearchParams(bytes.value.toString('utf8')))
      search.append(name, value)
  const parameters = readParameters(offered.method, search)
  if (!parameters.ok) return malformed(parameters.error)
  if (offered.asGet || bytes.value.length === 0)
    return ok({ parameters: parameters.value, body: undefined })
  const type = mediaType(c)
  if (type !== '' && type !== 'application/json')
    return malformed('the body must be `application/json`')
  const body = parseStrictJson(bytes.value)
  if (!body.ok) return malformed(body.error)
  const surplus = takesBody(offered.method) ? undefined : firstField(body.value)
  if (surplus !== undefined) return malformed(surplus)
  return ok({ parameters: parameters.value, body: body.value })
}

const takesBody = (wanted: Method) =>
  methods.some(({ method, request }) => method === wanted && request !== undefined)

/** What is wrong with a body that must say nothing; undefined when it does say nothing. */
function firstField(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return 'the body must be an empty object'
  const [name] = Object.keys(body)
  return name === undefined ? undefined : unknownField([name])
}

const malformed = (message: string) => err({ problem: 'malformed', message } as const)

function mediaType(c: Context): string {
  return (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
}

/** What a request says of itself, cut to what is worth keeping. */
export function requestFacts(c: Context, surface: Surface): RequestFacts {
  const header = (name: string) => c.req.header(name)?.slice(0, 512)
  return {
    sourceAddress: surface.sourceAddress(c),
    userAgent: header('user-agent'),
    apiClient: header('x-goog-api-client'),
    sessionName: header('sluice-session'),
    justification: header('sluice-justification'),
    breakGlass: header('sluice-break-glass') === 'true',
    labels: {},
  }
}
