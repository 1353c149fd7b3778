import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Provider } from 'oidc-provider'

import { type Identity, personWith } from './identities.ts'
import { loginPage } from './pages.ts'

/** Answers a request: the login page itself, everything else by `oidc-provider`. */
export async function serveIssuer(
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
