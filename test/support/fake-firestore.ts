import type {
  CallOptions,
  FirestoreClient,
  RunQueryRequest,
} from '../../shared/adapters/firestore/client.ts'

type CommitRequest = Parameters<FirestoreClient['commit']>[0]

/** What a fake Firestore was asked, and how it answers: by default it has nothing and takes all. */
export interface FakeFirestore {
  readonly client: FirestoreClient
  readonly commits: CommitRequest[]
  readonly queries: RunQueryRequest[]
  readonly options: CallOptions[]
  /** Replaces the answer to a commit, a read or a query. */
  answer: {
    commit?: () => Promise<unknown>
    get?: () => ReturnType<FirestoreClient['getDocument']>
    query?: () => ReturnType<FirestoreClient['runQuery']>
  }
}

export function fakeFirestore(): FakeFirestore {
  const fake: FakeFirestore = {
    commits: [],
    queries: [],
    options: [],
    answer: {},
    client: {
      async commit(request, options) {
        fake.commits.push(request)
        fake.options.push(options)
        return fake.answer.commit?.()
      },
      async getDocument(_, options) {
        fake.options.push(options)
        if (fake.answer.get === undefined) throw grpcError(5)
        return fake.answer.get()
      },
      async *runQuery(request, options) {
        fake.queries.push(request)
        fake.options.push(options)
        if (fake.answer.query !== undefined) yield* fake.answer.query()
      },
      async *runAggregationQuery(
        { structuredAggregationQuery: { structuredQuery }, parent },
        options,
      ) {
        fake.queries.push({ parent, structuredQuery })
        fake.options.push(options)
        yield { result: { aggregateFields: { found: { integerValue: '0' } } } }
      },
      async close() {},
    },
  }
  return fake
}

/** An error as Google's client throws it. */
export function grpcError(code: number): Error {
  return Object.assign(new Error(`${code} grpc`), { code })
}
