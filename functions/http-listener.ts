import type { RequestListener } from 'node:http'

import { RequestError, getRequestListener } from '@hono/node-server'

import { errorBody } from '../shared/bigquery/error.ts'
import type { Gateway } from './wiring.ts'

const MALFORMED = 'the request target or the host is malformed'

/**
 * Serves the gateway's answers to requests as Node has them. What is no request to it (a target
 * that is no path, a `Host` that is none) is told so in BigQuery's words.
 */
export function httpListener(fetch: Gateway['fetch']): RequestListener {
  const listener = getRequestListener(fetch, {
    errorHandler: (cause) =>
      cause instanceof RequestError
        ? Response.json(errorBody(400, 'invalid', MALFORMED), { status: 400 })
        : new Response(undefined, { status: 500 }),
  })
  return (request, response) => void listener(request, response)
}
