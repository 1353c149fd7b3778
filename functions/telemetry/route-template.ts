import { methods } from '../../shared/bigquery/methods.ts'

/**
 * The route that serves a path, as a template: one of a closed list, whoever calls and whatever they ask for, so that
 * nothing of the path itself is in it. BigQuery's methods are spelled as in its discovery document, other surfaces by
 * where they are mounted. Undefined for a path that is none of them.
 */
export function routeTemplate(path: string): string | undefined {
  if (EXACT.includes(path)) return path
  const offered = OFFERED.find(({ pattern }) => pattern.test(path))
  if (offered !== undefined) return offered.template
  const base = MOUNTED.find((each) => path === each || path.startsWith(`${each}/`))
  return base && `${base}/*`
}

const EXACT = [
  '/',
  '/healthz',
  '/readyz',
  '/$discovery/rest',
  '/.well-known/jwks.json',
  '/.well-known/oauth-protected-resource',
  '/.well-known/oauth-authorization-server',
  '/v1/token',
  '/v1/oauthtoken',
  '/v1/introspect',
  '/v1/authorize',
  '/v1/callback',
  '/dead-letter',
  '/sweep',
  '/reconcile',
  '/seal',
  '/retain',
  '/slack/interactivity',
]

/** What is below one of these is one route, and the first that fits counts. */
const MOUNTED = ['/v1/approvals', '/v1', '/log', '/console']

/** BigQuery's methods, with the prefix that most clients send and without. */
const OFFERED = [...new Set(methods.map(({ path }) => path))].map((path) => ({
  template: `/bigquery/v2/${path.replaceAll('{+', '{')}`,
  pattern: new RegExp(`^(?:/bigquery/v2)?/${path.replaceAll(/\{\+\w+\}/g, '[^/]+')}$`),
}))
