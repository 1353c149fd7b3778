import type { Clock } from '../../kernel/clock.ts'
import { connectionPool } from '../bigquery/connection-pool.ts'
import type { OwnIdentity } from '../bigquery/impersonated-credential.ts'
import { send } from '../bigquery/send.ts'
import type { FirestoreClient } from './client.ts'
import { FirestoreError } from './firestore-error.ts'
import { parseCounted, parseDocument, parseFound, refusal } from './replies.ts'

export interface RestClientOptions {
  /** `https://firestore.googleapis.com`, or the emulator. Who controls it holds the record. */
  readonly origin: string
  /** Whose rights are used. */
  readonly ownIdentity: OwnIdentity
  readonly clock: Clock
}

/** For one RPC, from the wait for a connection to the end of the answer. */
const RPC_TIMEOUT_MS = 5_000
/** Of one answer: a page of large entries, in base64. */
const MAX_REPLY_BYTES = 256 * 1024 * 1024
/** Google's end keeps an idle one for minutes. */
const KEEP_ALIVE_MS = 60_000
/** Requests under way at once; others wait. */
const CONNECTIONS = 128

/**
 * `FirestoreClient` over HTTP/1.1 and JSON. Google's own client does the same over gRPC, and takes a third of a second to
 * load, which every cold start would wait for.
 */
export function firestoreRestClient({
  origin,
  ownIdentity,
  clock,
}: RestClientOptions): FirestoreClient {
  const pool = connectionPool({
    origin,
    clock,
    connectTimeoutMs: RPC_TIMEOUT_MS,
    keepAliveMs: KEEP_ALIVE_MS,
    connections: CONNECTIONS,
  })

  const call = async (path: string, request?: object): Promise<Buffer> => {
    const token = await ownIdentity()
    const { signal } = new AbortController()
    const answer = await send(
      pool.dispatcher(),
      {
        method: request === undefined ? 'GET' : 'POST',
        path,
        headers: {
          authorization: `Bearer ${token.reveal()}`,
          'content-type': 'application/json',
          'user-agent': 'sluice',
        },
        ...(request === undefined ? {} : { body: JSON.stringify(request) }),
      },
      { signal, timeoutMs: RPC_TIMEOUT_MS, maxReplyBytes: MAX_REPLY_BYTES },
    )
    if (!answer.ok)
      throw new FirestoreError(
        answer.error.problem === 'upstream-timeout' ? 'DEADLINE_EXCEEDED' : 'UNAVAILABLE',
      )
    const { status, body } = answer.value
    if (status !== 200) throw refusal(body)
    return body
  }

  return {
    commit: (database, writes) => call(`${pathOf(database)}/documents:commit`, { writes }),
    getDocument: async (name) => parseDocument(await call(pathOf(name))),
    runQuery: async (parent, structuredQuery) =>
      parseFound(await call(`${pathOf(parent)}:runQuery`, { structuredQuery })),
    count: async (parent, structuredQuery, upTo) => {
      const aggregations = [{ alias: 'found', count: { upTo: String(upTo) } }]
      const structuredAggregationQuery = { structuredQuery, aggregations }
      const request = { structuredAggregationQuery }
      return parseCounted(await call(`${pathOf(parent)}:runAggregationQuery`, request))
    },
    close: () => pool.close(),
  }
}

/** A document's id is a part of the path and nothing else. */
function pathOf(name: string): string {
  return `/v1/${name.split('/').map(encodeURIComponent).join('/')}`
}
