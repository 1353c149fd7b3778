import type {
  Document,
  FirestoreClient,
  StructuredQuery,
  Write,
} from '../../shared/adapters/firestore/client.ts'
import { FirestoreError } from '../../shared/adapters/firestore/firestore-error.ts'

interface Commit {
  readonly database: string
  readonly writes: readonly Write[]
}

export interface FakeQuery {
  readonly parent: string
  readonly structuredQuery: StructuredQuery
}

/** What a fake Firestore was asked, and how it answers: by default it has nothing and takes all. */
export interface FakeFirestore {
  readonly client: FirestoreClient
  readonly commits: Commit[]
  /** The names of documents that were asked for. */
  readonly gets: string[]
  readonly queries: FakeQuery[]
  /** Replaces the answer to a commit, a read or a query. */
  answer: {
    commit?: () => Promise<unknown>
    get?: () => Promise<Document>
    query?: () => Promise<readonly Document[]>
  }
}

export function fakeFirestore(): FakeFirestore {
  const fake: FakeFirestore = {
    commits: [],
    gets: [],
    queries: [],
    answer: {},
    client: {
      async commit(database, writes) {
        fake.commits.push({ database, writes })
        return fake.answer.commit?.()
      },
      async getDocument(name) {
        fake.gets.push(name)
        if (fake.answer.get === undefined) throw new FirestoreError('NOT_FOUND')
        return fake.answer.get()
      },
      async runQuery(parent, structuredQuery) {
        fake.queries.push({ parent, structuredQuery })
        return (await fake.answer.query?.()) ?? []
      },
      async count(parent, structuredQuery) {
        fake.queries.push({ parent, structuredQuery })
        return 0
      },
      async close() {},
    },
  }
  return fake
}
