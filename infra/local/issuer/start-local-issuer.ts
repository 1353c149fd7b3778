import { randomBytes } from 'node:crypto'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'

import type { Provider } from 'oidc-provider'
import { createMemoryAdapter } from 'oidc-provider/lib/adapters/memory_adapter.js'
import { z } from 'zod'

import { DIRECT_GRANT } from './direct-grant.ts'
import { type Identity, personWith, readIdentities } from './identities.ts'
import { loadKeys, rotateKeys } from './keys.ts'
import { loginPage } from './pages.ts'
import { localProvider } from './provider.ts'

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
    void serve(provider, identities, port, request, response).catch((cause: unknown) => {
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

async function serve(
  provider: Provider,
  identities: readonly Identity[],
  port: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A web page whose name was rebound to loopback must not reach us under that name.
  if (!new Set([`127.0.0.1:${port}`, `localhost:${port}`]).has(request.headers.host ?? '')) {
    response.writeHead(421).end()
    return
  }
  if (request.url?.startsWith('/interaction/') !== true) {
    await provider.callback()(request, response)
    return
  }
  const { uid, prompt, params } = await provider.interactionDetails(request, response)
  const finish = (login: object): Promise<void> =>
    provider.interactionFinished(
      request,
      response,
      { ...login, consent: {} },
      { mergeWithLastSubmission: true },
    )
  if (prompt.name !== 'login') return finish({})
  const form = request.method === 'POST' ? new URLSearchParams(await text(request)) : undefined
  const person = personWith(
    identities,
    form?.get('person') ?? undefined,
    form?.get('secret') ?? undefined,
  )
  if (person !== undefined) return finish({ login: { accountId: person.id } })
  const people = identities.filter((identity) => identity.kind === 'person')
  const problem = form === undefined ? undefined : 'That secret is another one.'
  response
    .writeHead(form === undefined ? 200 : 403, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      'cache-control': 'no-store',
    })
    .end(loginPage(`/interaction/${uid}`, people, params['client_id'] ?? '', problem))
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request) if (chunk instanceof Uint8Array) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
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
