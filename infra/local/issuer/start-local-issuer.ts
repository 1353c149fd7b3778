import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'

import type { Provider } from 'oidc-provider'
import { createMemoryAdapter } from 'oidc-provider/lib/adapters/memory_adapter.js'
import { z } from 'zod'

import { DIRECT_GRANT } from './direct-grant.ts'
import { type Identity, readIdentities } from './identities.ts'
import { loadKeys, rotateKeys } from './keys.ts'
import { localProvider } from './provider.ts'
import { serveIssuer } from './serve-issuer.ts'

/** The client secret of `sluice-gateway`, the client by which people sign in through the gateway. */
export const SIGN_IN_SECRET = 'sluice-gateway-secret'

export interface LocalIssuerOptions {
  /** Free port when 0 or absent. */
  readonly port?: number | undefined
  /** The identities file, or what is in one. */
  readonly identities: string | readonly Identity[]
  /** `aud` of every access token: what the gateway's policy expects. An absolute URI. */
  readonly audience: string
  /** Where the signing keys are kept, so that tokens outlive a restart. */
  readonly keysFile?: string | undefined
  /** Where `sluice-gateway` may send people back to: the gateway's `/v1/callback`. */
  readonly signInRedirectUris?: readonly string[] | undefined
  /** Told what went wrong inside the issuer; silent when absent. */
  readonly onError?: ((cause: unknown) => void) | undefined
}

export interface LocalIssuer {
  /** `iss`, without a slash at the end. */
  readonly url: string
  readonly port: number
  /** An access token for the gateway, as the person or machine of this name. */
  token(name: string): Promise<string>
  /** New signing keys; `keep: false` also withdraws the old ones. */
  rotate(options?: { readonly keep?: boolean }): Promise<void>
  /** The person can neither sign in nor refresh any more. */
  deactivate(name: string): void
  close(): Promise<void>
}

/** Starts an OIDC issuer on 127.0.0.1. Resolves once it serves; rejects when the port is taken. */
export async function startLocalIssuer(options: LocalIssuerOptions): Promise<LocalIssuer> {
  let identities =
    typeof options.identities === 'string' ? readIdentities(options.identities) : options.identities
  let keys = await loadKeys(options.keysFile)
  const store = createMemoryAdapter()
  const cookieKey = randomBytes(32).toString('base64url')

  const server = createServer()
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  const url = `http://127.0.0.1:${port}`

  const build = (): Provider => {
    const provider = localProvider({
      url,
      audience: options.audience,
      keys,
      store,
      cookieKey,
      identities: () => identities,
      signInRedirectUris: options.signInRedirectUris ?? ['http://127.0.0.1:8080/v1/callback'],
      signInSecret: SIGN_IN_SECRET,
    })
    // Without a listener both would print to the console.
    provider.on('error', (cause) => options.onError?.(cause))
    provider.on('server_error', (_ctx, cause) => options.onError?.(cause))
    return provider
  }
  let provider = build()

  server.on('request', (request, response) => {
    void serveIssuer(provider, identities, port, request, response).catch((cause: unknown) => {
      options.onError?.(cause)
      if (!response.headersSent) response.writeHead(400, { 'content-type': 'text/plain' })
      response.end('this sign-in is over; start again\n')
    })
  })

  return {
    url,
    port,
    token: (name) => accessToken(url, identities, name),
    rotate: async ({ keep = true } = {}) => {
      keys = await rotateKeys(options.keysFile, keys, keep)
      provider = build()
    },
    deactivate: (name) => {
      identities = identities.filter((identity) => identity.id !== name)
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const TokenReply = z.object({ access_token: z.string() })

async function accessToken(
  url: string,
  identities: readonly Identity[],
  name: string,
): Promise<string> {
  const identity = identities.find((one) => one.id === name)
  if (identity === undefined) throw new Error(`no identity is named \`${name}\``)
  const { id, secret } = identity
  const body =
    identity.kind === 'machine'
      ? { grant_type: 'client_credentials', client_id: id, client_secret: secret }
      : { grant_type: DIRECT_GRANT, client_id: 'sluice-cli', username: id, password: secret }
  const response = await fetch(`${url}/token`, { method: 'POST', body: new URLSearchParams(body) })
  return TokenReply.parse(await response.json()).access_token
}
