import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'

import { rsaKeys, testServiceAccount } from './service-account.ts'
import { KMS_TOKEN, startStubCloudKms } from './stub-cloud-kms.ts'
import { BUCKET_TOKEN, startStubCloudStorage } from './stub-cloud-storage.ts'
import { errorReply, jsonReply } from './stub-replies.ts'
import { startStubSecretManager } from './stub-secret-manager.ts'
import { type Respond, type StubRequest, startStubUpstream } from './stub-upstream.ts'

const TOKEN_URI = 'https://oauth2.googleapis.com/token'

/**
 * Google, as functions see it that load `plain-google-child.ts`: the metadata server, OAuth, Secret Manager with the key
 * of BigQuery, Cloud KMS, Cloud Storage, and the BigQuery at `bigQueryUrl`. Each is there only for who brings the token
 * that is good there.
 */
export async function startGoogleFront() {
  const [secretManager, kms, storage] = await Promise.all([
    startStubSecretManager(),
    startStubCloudKms(),
    startStubCloudStorage(),
  ])
  const account = testServiceAccount(TOKEN_URI, rsaKeys())
  secretManager.add(account.keyFile)
  const ownToken = `ya29.own-${randomBytes(24).toString('base64url')}`
  const bigQueryToken = `ya29.bq-${randomBytes(24).toString('base64url')}`
  const assertions: string[] = []
  const bigQuery: StubRequest[] = []
  const front = {
    ownToken,
    bigQueryToken,
    /** What the keys of the function's accounts were proved with. */
    assertions,
    account,
    /** What BigQuery was sent. */
    bigQuery,
    objects: storage.objects,
    bigQueryUrl: '',
    /** BigQuery answers with this where it is given. */
    fault: undefined satisfies Respond | undefined as Respond | undefined,
  }

  const services: Readonly<Record<string, Respond>> = {
    'secretmanager.googleapis.com': as(ownToken, (request, response) =>
      forward(secretManager.url, request, response, ownToken),
    ),
    'cloudkms.googleapis.com': as(ownToken, (request, response) =>
      forward(kms.url, request, response, KMS_TOKEN),
    ),
    'storage.googleapis.com': as(ownToken, (request, response) =>
      forward(storage.url, request, response, BUCKET_TOKEN),
    ),
    'oauth2.googleapis.com': (request, response) => {
      assertions.push(new URLSearchParams(request.body.toString()).get('assertion') ?? '')
      const reply = { access_token: bigQueryToken, token_type: 'Bearer', expires_in: 3599 }
      return jsonReply(200, reply)(request, response)
    },
    'bigquery.googleapis.com': as(bigQueryToken, (request, response) => {
      bigQuery.push(request)
      return front.fault === undefined
        ? forward(new URL(front.bigQueryUrl), request, response, bigQueryToken)
        : front.fault(request, response)
    }),
  }
  const server = await startStubUpstream((request, response) => {
    const service = services[request.headers.host ?? '']
    return (service ?? metadata(ownToken))(request, response)
  })
  return {
    ...front,
    use: (change: Partial<Pick<typeof front, 'bigQueryUrl' | 'fault'>>) =>
      void Object.assign(front, change),
    port: Number(server.url.port),
    requests: server.requests,
    close: async () => {
      await Promise.all([server, secretManager, kms, storage].map((each) => each.close()))
    },
  }
}

/** https://cloud.google.com/compute/docs/metadata/overview */
const metadata =
  (token: string): Respond =>
  (request, response) => {
    response.setHeader('metadata-flavor', 'Google')
    const isToken = request.path.endsWith('/service-accounts/default/token')
    const reply = { access_token: token, expires_in: 3599, token_type: 'Bearer' }
    return jsonReply(isToken ? 200 : 404, isToken ? reply : {})(request, response)
  }

const as =
  (token: string, respond: Respond): Respond =>
  (request, response) =>
    request.headers.authorization === `Bearer ${token}`
      ? respond(request, response)
      : errorReply(401, 'authError', 'Invalid Credentials', 'UNAUTHENTICATED')(request, response)

/** To a stand-in that has a token of its own. */
async function forward(
  to: URL,
  { method, path, query, headers, body }: StubRequest,
  response: ServerResponse,
  token: string,
): Promise<void> {
  const { host: _, connection: __, 'content-length': ___, ...rest } = headers
  const reply = await fetch(new URL(`${path}${query.size > 0 ? `?${query.toString()}` : ''}`, to), {
    method,
    headers: { ...(rest as Record<string, string>), authorization: `Bearer ${token}` },
    ...(body.length > 0 ? { body: Uint8Array.from(body) } : {}),
  })
  const bytes = Buffer.from(await reply.arrayBuffer())
  const kept = [...reply.headers].filter(
    ([name]) =>
      ![
        'connection',
        'content-encoding',
        'content-length',
        'transfer-encoding',
        'keep-alive',
      ].includes(name),
  )
  response.writeHead(reply.status, Object.fromEntries(kept))
  response.end(bytes)
}
