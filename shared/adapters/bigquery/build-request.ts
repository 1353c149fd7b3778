import type { Dispatcher } from 'undici'

import type { BigQueryCall } from '../../bigquery/call.ts'
import type { Redacted } from '../secret-manager/redacted.ts'

/** Where the API is: an origin to connect to and what comes before `/bigquery/v2`. */
export interface Base {
  readonly origin: string
  readonly prefix: string
}

/**
 * The base of a URL. Throws `TypeError` when a credential would travel unencrypted (plain HTTP is
 * for loopback), or when the URL holds more than an origin and a path.
 */
export function parseBase(url: URL): Base {
  const loopback = /^(?:127(?:\.\d+){3}|\[::1\]|localhost)$/.test(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback))
    throw new TypeError(`upstream must be https, or http on loopback: \`${url.origin}\``)
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new TypeError(`upstream is an origin and a path, no more: \`${url.origin}\``)
  return { origin: url.origin, prefix: url.pathname.replace(/\/+$/, '') }
}

/** The call as HTTP: these headers and no others, whatever a client sent. Throws as `target` does. */
export function buildRequest(
  { origin, prefix }: Base,
  call: BigQueryCall,
  accessToken: Redacted<string> | undefined,
): Dispatcher.DispatchOptions {
  const body = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body))
  return {
    origin,
    method: call.verb,
    path: `${prefix}/bigquery/v2${target(call)}`,
    headers: {
      accept: 'application/json',
      'accept-encoding': 'gzip',
      'user-agent': 'sluice',
      'x-goog-api-client': `gl-node/${process.versions.node} sluice`,
      ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken.reveal()}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body }),
  }
}

/** RFC 3986 §3.3: segments of `pchar`, none of them empty. */
const PATH = /^(?:\/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+)+$/
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:\/|$)/i

/**
 * Path and query. Throws `TypeError` for a path that BigQuery might read as another one: such a call
 * is not what was decided on.
 */
function target(call: BigQueryCall): string {
  if (!PATH.test(call.path) || DOT_SEGMENT.test(call.path))
    throw new TypeError(`not a path of percent-encoded segments: \`${call.path}\``)
  const query = new URLSearchParams({ ...call.query, prettyPrint: 'false' })
  return `${call.path}?${query.toString()}`
}
