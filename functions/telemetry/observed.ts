import { ROOT_CONTEXT, context, trace } from '@opentelemetry/api'

import { durations } from '../../shared/kernel/instruments.ts'
import { inSpan } from '../../shared/kernel/span.ts'
import type { Gateway } from '../wiring.ts'
import { incomingTrace } from './incoming-trace.ts'
import { loggedIn } from './log-trace.ts'
import { projectOf } from './project-of.ts'
import { routeTemplate } from './route-template.ts'

type Fetch = Gateway['fetch']

/**
 * The same, with a server span for each request, which goes on with the trace of whoever sent it, a measurement of how
 * long it took, and that trace on every line that the log gets meanwhile. OpenTelemetry's conventions for HTTP, without
 * `url.path` and `url.query`, `client.address`, `server.address` and `user_agent.original`: callers fill those. It ends when
 * the answer begins to leave.
 * https://opentelemetry.io/docs/specs/semconv/http/
 */
export function observed(fetch: Fetch, env: NodeJS.ProcessEnv): Fetch {
  const project = projectOf(env)
  const scheme = env['SLUICE_URL']?.startsWith('http:') === true ? 'http' : 'https'
  return (request, extra) => {
    const from = incomingTrace(request.headers)
    const about = aboutRequest(request, scheme)
    const serve = (): Promise<Response> => answered(() => fetch(request, extra), about)
    return loggedIn(from, project, () =>
      from === undefined
        ? serve()
        : context.with(trace.setSpanContext(ROOT_CONTEXT, from), () => serve()),
    )
  }
}

interface AboutRequest {
  readonly method: string
  readonly route: string | undefined
  readonly scheme: string
}

/** RFC 9110 §9 and RFC 5789; a caller may send any other word. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']

function aboutRequest(request: Request, scheme: string): AboutRequest {
  const method = METHODS.includes(request.method) ? request.method : '_OTHER'
  return { method, route: routeTemplate(pathOf(request.url)), scheme }
}

async function answered(
  serve: () => Response | Promise<Response>,
  { method, route, scheme }: AboutRequest,
): Promise<Response> {
  const startedAt = performance.now()
  const asked = {
    'http.request.method': method,
    'url.scheme': scheme,
    ...(route === undefined ? {} : { 'http.route': route }),
  }
  const measure = (status: number): void =>
    took((performance.now() - startedAt) / 1000, {
      ...asked,
      'http.response.status_code': status,
      ...(status >= 500 ? { 'error.type': String(status) } : {}),
    })
  const verb = method === '_OTHER' ? 'HTTP' : method
  return inSpan(
    route === undefined ? verb : `${verb} ${route}`,
    asked,
    async (span) => {
      try {
        const response = await serve()
        const { status } = response
        span.note({ 'http.response.status_code': status })
        // A refusal is no failure of the server's.
        if (status >= 500) span.fail(String(status))
        measure(status)
        return response
      } catch (cause) {
        // What the listener makes of it.
        measure(500)
        throw cause
      }
    },
    'server',
  )
}

const took = durations(
  'http.server.request.duration',
  'How long requests take until their answer begins to leave.',
  [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
)

/** Without a query; empty for what is no address. */
function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : ''
}
