import { createHash, randomBytes } from 'node:crypto'

import type { Hono } from 'hono'

import { GCLOUD_CLIENT_ID } from '../../shared/identity/sign-in/authorization-request.ts'
import { browser, logIn } from './browser.ts'
import { GATEWAY, type IdentityWorld, post } from './identity-world.ts'

export const REDIRECT = 'http://localhost:8085/'

/** gcloud's side of one sign-in: what it sends and what it remembers. */
export function gcloud(): {
  readonly verifier: string
  readonly state: string
  authorizeUrl(changes?: Readonly<Record<string, string | undefined>>): string
} {
  const verifier = randomBytes(32).toString('base64url')
  const state = randomBytes(16).toString('base64url')
  return {
    verifier,
    state,
    authorizeUrl: (changes = {}) => {
      const query = {
        response_type: 'code',
        client_id: GCLOUD_CLIENT_ID,
        redirect_uri: REDIRECT,
        scope: 'https://www.googleapis.com/auth/cloud-platform',
        state,
        access_type: 'offline',
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        provider_name: 'locations/global/workforcePools/sluice/providers/oidc',
        ...changes,
      }
      const defined = Object.entries(query).filter(
        (pair): pair is [string, string] => pair[1] !== undefined,
      )
      return `/v1/authorize?${new URLSearchParams(defined).toString()}`
    },
  }
}

/** Where the gateway sends a browser. */
export async function redirected(app: Hono, path: string): Promise<URL> {
  const response = await app.request(path)
  const location = response.headers.get('location')
  if (response.status !== 302 || location === null)
    throw new Error(`status ${response.status}: ${await response.text()}`)
  return new URL(location)
}

/** A person signs in: from gcloud's first request to the redirect that brings it the code. */
export async function signInAs(
  world: IdentityWorld,
  person: string,
  client = gcloud(),
): Promise<{ readonly back: URL; readonly callback: string; readonly client: typeof client }> {
  const toIssuer = await redirected(world.app, client.authorizeUrl())
  const by = browser()
  const login = await by.follow(await by.go(toIssuer.href), toIssuer.href, atGateway)
  const done = await logIn(login, by, person, `${person}-secret`, atGateway)
  const callback = done.at.slice(GATEWAY.length)
  return { back: await redirected(world.app, callback), callback, client }
}

const atGateway = (url: string): boolean => url.startsWith(GATEWAY)

/** gcloud's token request. */
export function redeem(
  world: IdentityWorld,
  code: string,
  verifier: string,
  changes: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return post(world.app, '/v1/oauthtoken', {
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT,
    code_verifier: verifier,
    ...changes,
  })
}
