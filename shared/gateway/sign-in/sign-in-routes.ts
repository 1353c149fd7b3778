import { type Context, Hono } from 'hono'

import { introspection } from '../../identity/introspection.ts'
import type { Form, OAuthProblem, TokenReply } from '../../identity/oauth-problem.ts'
import type { BrowserReply } from '../../identity/sign-in/browser-reply.ts'
import { signInTokens } from '../../identity/sign-in/sign-in-tokens.ts'
import { type SignInPorts, signIn } from '../../identity/sign-in/sign-in.ts'
import { TOKEN_EXCHANGE, tokenExchange } from '../../identity/token-exchange.ts'
import type { Clock } from '../../kernel/clock.ts'
import { type Result, err } from '../../kernel/result.ts'
import { type FormProblem, formOf, parameters } from './form.ts'
import { authorizationServerMetadata, protectedResourceMetadata } from './metadata.ts'
import { page, pageHeaders } from './page.ts'

/**
 * Everything about getting and asking about tokens: the token exchange, introspection, people's
 * sign-in with gcloud, and the documents that say where all this is. Mount it at the root.
 */
export function signInRoutes(ports: SignInPorts & { readonly clock: Clock }): Hono {
  const { clock } = ports
  const introspect = introspection(ports)
  const browser = signIn(ports)
  const token = tokenEndpoint(ports)
  const app = new Hono()

  // gcloud's files name one URL for the exchange and another for people; both take every grant.
  for (const path of ['/v1/token', '/v1/oauthtoken'])
    app.post(path, (c) => answer(c, (form) => token(form, clock())))
  app.post('/v1/introspect', (c) => answer(c, (form) => introspect(form, clock())))
  app.get('/v1/authorize', (c) => show(c, (query) => browser.authorize(query, clock())))
  app.get('/v1/callback', (c) => show(c, (query) => browser.callback(query, clock())))

  const documents = {
    'jwks.json': ports.ownTokens.jwks,
    'oauth-protected-resource': protectedResourceMetadata(ports),
    'oauth-authorization-server': authorizationServerMetadata(ports),
  }
  for (const [name, document] of Object.entries(documents))
    app.get(`/.well-known/${name}`, (c) =>
      c.json(document, 200, { 'cache-control': 'public, max-age=300' }),
    )
  return app
}

type Grant = (form: Form, now: number) => Promise<Result<TokenReply, OAuthProblem>>

function tokenEndpoint(ports: SignInPorts): Grant {
  const people = signInTokens(ports)
  const grants = new Map<string | undefined, Grant>([
    [TOKEN_EXCHANGE, tokenExchange(ports)],
    ['authorization_code', people.redeemCode],
    ['refresh_token', people.refresh],
  ])
  const unsupported: Grant = () =>
    Promise.resolve(
      err({
        error: 'unsupported_grant_type',
        description: `grant_type must be one of ${[...grants.keys()].join(', ')}`,
      }),
    )
  return (form, now) => (grants.get(form.get('grant_type')) ?? unsupported)(form, now)
}

/** RFC 6749 §5.1: nobody may keep what holds tokens. */
const NO_STORE = { 'cache-control': 'no-store', pragma: 'no-cache' } as const

async function answer(
  c: Context,
  work: (form: Form) => Promise<Result<object, OAuthProblem>>,
): Promise<Response> {
  const form = await formOf(c)
  if (!form.ok) return refuse(c, form.error)
  const reply = await work(form.value)
  if (reply.ok) return c.json(reply.value, 200, NO_STORE)
  const { error, description } = reply.error
  return c.json(
    { error, error_description: printable(description) },
    error === 'temporarily_unavailable' ? 503 : 400,
    NO_STORE,
  )
}

function refuse(c: Context, { status, description }: FormProblem): Response {
  return c.json({ error: 'invalid_request', error_description: description }, status, NO_STORE)
}

async function show(c: Context, work: (query: Form) => Promise<BrowserReply>): Promise<Response> {
  const query = parameters(new URL(c.req.url).searchParams)
  if (query === undefined) return c.html(page('a parameter must not occur twice'), 400, pageHeaders)
  const reply = await work(query)
  if (reply.kind === 'redirect')
    return c.body(null, 302, { ...pageHeaders, location: reply.location })
  return c.html(page(reply.message), reply.status, pageHeaders)
}

/** RFC 6749 §5.2: neither quotes nor backslashes nor anything beyond ASCII. */
function printable(text: string): string {
  return text.replaceAll(/[^\x20\x21\x23-\x5B\x5D-\x7E]/g, '?')
}
