/**
 * The part of Google's Firestore v1 client that is used here, at the level where one call is one RPC.
 * https://cloud.google.com/firestore/docs/reference/rpc/google.firestore.v1
 */
export interface FirestoreClient {
  commit(request: CommitRequest, options: CallOptions): Promise<unknown>
  getDocument(
    request: { name: string },
    options: CallOptions,
  ): Promise<readonly [Document, ...unknown[]]>
  runQuery(request: RunQueryRequest, options: CallOptions): AsyncIterable<RunQueryReply>
  runAggregationQuery(request: CountRequest, options: CallOptions): AsyncIterable<CountReply>
  close(): Promise<void>
}

export interface CallOptions {
  /** Milliseconds. */
  timeout: number
  /** Never by itself. */
  retry: null
  /** Queries are streams, which the client repeats by other rules. */
  retryRequestOptions: { retries: 0; noResponseRetries: 0 }
}

/** A value as it is sent. */
export interface Value {
  stringValue?: string
  integerValue?: number
  bytesValue?: Uint8Array
  referenceValue?: string
  arrayValue?: { values: Value[] }
  timestampValue?: { seconds: number; nanos: number }
}

/** A document as it is received: its name, bytes, texts, times and lists of texts. */
export interface Document {
  name?: string | null
  updateTime?: Timestamp | null
  fields?: Record<
    string,
    {
      bytesValue?: Uint8Array | string | null
      stringValue?: string | null
      timestampValue?: Timestamp | null
      arrayValue?: { values?: readonly { stringValue?: string | null }[] | null } | null
    }
  > | null
}

/** As it is received: seconds are a string, a number or a Long. */
export interface Timestamp {
  seconds?: { toString(): string } | string | number | null
  nanos?: number | null
}

interface CommitRequest {
  database: string
  /** All of them or none. */
  writes: (
    | {
        update: { name: string; fields: Record<string, Value> }
        currentDocument?: { exists: boolean } | { updateTime: { seconds: number; nanos: number } }
        updateTransforms?: { fieldPath: string; setToServerValue: 'REQUEST_TIME' }[]
      }
    | { delete: string }
  )[]
}

export interface RunQueryRequest {
  parent: string
  structuredQuery: {
    select?: { fields: { fieldPath: string }[] }
    from: { collectionId: string }[]
    where: {
      fieldFilter: {
        field: { fieldPath: string }
        op: 'EQUAL' | 'IN' | 'ARRAY_CONTAINS'
        value: Value
      }
    }
    orderBy: { field: { fieldPath: string }; direction: 'ASCENDING' | 'DESCENDING' }[]
    startAt?: { values: Value[]; before: boolean }
    endAt?: { values: Value[]; before: boolean }
    limit?: { value: number }
  }
}

/** Counts what a query finds, no further than `upTo`. */
export interface CountRequest {
  parent: string
  structuredAggregationQuery: {
    structuredQuery: RunQueryRequest['structuredQuery']
    aggregations: { alias: string; count: { upTo: { value: number } } }[]
  }
}

interface CountReply {
  /** Absent when the reply only reports progress. */
  result?: {
    aggregateFields?: Record<
      string,
      { integerValue?: { toString(): string } | string | number | null }
    > | null
  } | null
}

interface RunQueryReply {
  /** Absent when the reply only reports progress. */
  document?: Document | null
}

/**
 * Loads Google's client and makes one for `projectId` with the credentials of the machine, or one for the
 * emulator at `host:port`. Loading takes a third of a second, so it waits until the first call. Rejects when
 * there are no credentials.
 */
export async function googleFirestoreClient(
  projectId: string,
  emulator: string | undefined,
): Promise<FirestoreClient> {
  // A CommonJS module: the bundler and Node agree on its `default` only.
  const { v1 } = (await import('@google-cloud/firestore')).default
  if (emulator === undefined) {
    const client = new v1.FirestoreClient({ projectId })
    // Left to itself it fails where nobody catches it, and for ever.
    await client.auth.getClient()
    return client
  }
  const { credentials } = await import('@grpc/grpc-js')
  const [servicePath = '', port = ''] = emulator.split(':')
  const sslCreds = credentials.createInsecure()
  return new v1.FirestoreClient({ projectId, servicePath, port: Number(port), sslCreds })
}
