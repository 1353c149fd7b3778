import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'

import { SignJWT, exportJWK, generateKeyPair } from 'jose'

/** As whom Google pushes, and keeps schedules. */
export const PUSH_ACCOUNT = 'sluice-push@acme.iam.gserviceaccount.com'

/** Google as functions know it. */
export interface GooglePushes {
  readonly url: string
  /** A token as Google signs for its own schedules and pushes. */
  token(audience: string): Promise<string>
  close(): Promise<void>
}

/**
 * Google's part in a push, which the emulator of Pub/Sub leaves out: takes `<url>/push/<function><path>`, and passes it on to
 * the function with a token of its own. Publishes the key by which functions verify that.
 */
export async function startGooglePushes(
  /** Where a function is; undefined for one that gets no pushes. */
  urlOf: (name: string) => string | undefined,
  /** Hears of every push. */
  onPush: (body: Buffer) => void = () => {},
): Promise<GooglePushes> {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'google', alg: 'RS256', use: 'sig' }]
  let url = ''
  const token = (audience: string) =>
    new SignJWT({ email: PUSH_ACCOUNT, email_verified: true, sub: '1' })
      .setProtectedHeader({ alg: 'RS256', kid: 'google', typ: 'JWT' })
      .setIssuer(url)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(privateKey)
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    const json = (body: unknown): void => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    if (request.url === '/.well-known/openid-configuration')
      return json({ issuer: url, jwks_uri: `${url}/keys` })
    if (request.url === '/keys') return json({ keys })
    const [, name = '', path = ''] = /^\/push\/([a-z-]+)(\/.*)$/.exec(request.url ?? '') ?? []
    const target = urlOf(name)
    if (target === undefined) return response.writeHead(404).end()
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    const body = Buffer.concat(chunks)
    onPush(body)
    try {
      const pushed = await fetch(`${target}${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${await token(target)}`,
        },
        body,
      })
      return response.writeHead(pushed.status).end()
    } catch {
      return response.writeHead(503).end()
    }
  }
  const server = createServer((request, response) => void serve(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  url = `http://127.0.0.1:${address.port}`
  return {
    url,
    token,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
