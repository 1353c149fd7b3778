import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type Hono } from 'hono'
import { type JWK, SignJWT, generateKeyPair, importJWK } from 'jose'

import { type LocalIssuer, startLocalIssuer } from '../../infra/local/issuer/start-local-issuer.ts'
import { keyFile } from '../../shared/adapters/key-file/key-file.ts'
import { discoveredIssuers } from '../../shared/adapters/oidc/discovered-issuers.ts'
import { signInRoutes } from '../../shared/gateway/sign-in/sign-in-routes.ts'
import { identifier } from '../../shared/identity/identifier.ts'
import { ownTokens } from '../../shared/identity/own-tokens.ts'
import type { Identify } from '../../shared/identity/principal.ts'
import { sealer } from '../../shared/identity/sign-in/sealer.ts'
import type { SignInPorts } from '../../shared/identity/sign-in/sign-in.ts'
import type { GatewayKeys } from '../../shared/identity/signing-key.ts'
import type { TrustedIssuer } from '../../shared/identity/trusted-issuer.ts'

export const GATEWAY = 'http://127.0.0.1:8080'

const IDENTITIES = join(import.meta.dirname, '../../infra/local/identities.yaml')

export interface IdentityWorld {
  readonly issuer: LocalIssuer
  readonly trusted: TrustedIssuer
  readonly ports: SignInPorts
  readonly gatewayKeys: GatewayKeys
  readonly identify: Identify
  readonly app: Hono
  /** What `clock` says; starts now. */
  time: number
  /** URLs asked of issuers so far. */
  readonly requests: string[]
  /** Why issuers counted as unreachable. */
  readonly outages: unknown[]
  /** The issuer's private keys, newest first. */
  keys(): readonly JWK[]
  /** A token signed with the issuer's own key: `claims` over those of a good one. */
  forge(claims?: Claims, header?: Header): Promise<string>
  close(): Promise<void>
}

export type Claims = Readonly<Record<string, unknown>>
type Header = Readonly<Record<string, unknown>> & { readonly alg?: string }

/** The real local issuer, trusted by the identity stage, with a clock that tests can turn. */
export async function identityWorld(
  trust: Partial<TrustedIssuer> = {},
  options: { readonly cooldownMs?: number } = {},
): Promise<IdentityWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-identity-'))
  const keysFile = join(folder, 'issuer.json')
  const issuer = await startLocalIssuer({
    identities: IDENTITIES,
    audience: GATEWAY,
    keysFile,
    signInRedirectUris: [`${GATEWAY}/v1/callback`, `${GATEWAY}/console/callback`],
  })
  const trusted: TrustedIssuer = {
    issuer: issuer.url,
    audiences: [GATEWAY],
    algorithms: ['RS256', 'ES256', 'EdDSA'],
    groupsClaim: 'groups',
    clientClaim: 'client_id',
    clients: undefined,
    requiredClaims: {},
    recordedClaims: [],
    groupMappings: [],
    signIn: { clientId: 'sluice-gateway', clientSecret: 'sluice-gateway-secret' },
    ...trust,
  }
  const requests: string[] = []
  const outages: unknown[] = []
  const keys = (): readonly JWK[] => JSON.parse(readFileSync(keysFile, 'utf8')).keys as JWK[]

  const { keySets, issuerClient } = discoveredIssuers({
    fetch: (url, init) => {
      requests.push(url)
      return fetch(url, init)
    },
    timeoutMs: 5000,
    now: () => world.time,
    onUnreachable: (_issuer, cause) => outages.push(cause),
    ...options,
  })
  const gatewayKeys = await keyFile(join(folder, 'gateway.json'))
  const ports: SignInPorts = {
    gateway: GATEWAY,
    issuers: [trusted],
    keySets,
    issuerClient,
    randomToken,
    sealer: sealer(gatewayKeys.sealing, GATEWAY),
    ownTokens: ownTokens({
      issuer: GATEWAY,
      audience: GATEWAY,
      key: gatewayKeys.signing,
      retired: gatewayKeys.retired,
      randomToken,
    }),
  }

  const world: IdentityWorld = {
    issuer,
    trusted,
    ports,
    gatewayKeys,
    identify: identifier(ports),
    app: signInRoutes({ ...ports, clock: () => world.time }),
    time: Date.now(),
    requests,
    outages,
    keys,
    forge: async (claims = {}, header = {}) => {
      const { alg = 'RS256', ...rest } = header
      const key = keys().find((one) => one.alg === alg)
      // Foreign algorithms get a key of their own under a published id.
      const { privateKey } = key === undefined ? await generateKeyPair(alg) : { privateKey: key }
      const now = Math.floor(world.time / 1000)
      const payload = {
        iss: issuer.url,
        aud: GATEWAY,
        sub: 'ana',
        groups: ['analysts'],
        client_id: 'sluice-cli',
        iat: now,
        exp: now + 600,
        ...claims,
      }
      return new SignJWT(payload)
        .setProtectedHeader({ alg, kid: key?.kid ?? keys()[0]?.kid ?? '', typ: 'at+jwt', ...rest })
        .sign('kty' in privateKey ? await importJWK(privateKey, alg) : privateKey)
    },
    close: async () => {
      await issuer.close()
      rmSync(folder, { recursive: true })
    },
  }
  return world
}

const randomToken = (): string => randomBytes(32).toString('base64url')

/** A form POST to the app. */
export function post(
  app: Hono,
  path: string,
  form: Readonly<Record<string, string>> | string,
): Promise<Response> {
  const body = typeof form === 'string' ? form : new URLSearchParams(form).toString()
  return Promise.resolve(
    app.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
    }),
  )
}
