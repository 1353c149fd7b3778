import type { CallOptions, Document, FirestoreClient, Timestamp } from './client.ts'
import { type FieldValue, toValue } from './field-value.ts'
import type { DatabaseRole } from './indexes.ts'
import { type DocumentPage, structuredQuery } from './structured-query.ts'

/**
 * What this adapter does with Firestore. Each is one RPC that rejects after 5 s and is not repeated
 * in here: whoever waits for the answer decides that.
 */
export interface Documents {
  /** Creates, never overwrites. `exists` says nothing about what is there. Field `stampedIn` gets the server's time. */
  create(
    at: Collection,
    id: string,
    fields: Fields,
    stampedIn?: string,
  ): Promise<'created' | 'exists'>
  /** Replaces a document that was last written at `updateTime`; `changed` when somebody else was faster. */
  replace(
    at: Collection,
    id: string,
    updateTime: UpdateTime,
    fields: Fields,
  ): Promise<'replaced' | 'changed'>
  /** Deletes all of them or none; one that is not there is no problem. */
  remove(at: Collection, ids: readonly string[]): Promise<void>
  /**
   * All of it or nothing: `guard` was last written at its `updateTime`, or is not there for none; it is replaced, the others are
   * written or removed whatever is there.
   */
  together(
    at: Collection,
    change: {
      readonly set: readonly { readonly id: string; readonly fields: Fields }[]
      readonly remove: readonly string[]
      readonly guard: Collection & {
        readonly id: string
        readonly updateTime: UpdateTime | undefined
        readonly fields: Fields
      }
    },
  ): Promise<'written' | 'changed'>
  get(at: Collection, id: string): Promise<StoredDocument | undefined>
  page(page: DocumentPage): Promise<readonly StoredDocument[]>
  /** How many there are from where `page` begins down to `downTo` (inclusive), counted no further than `page.limit`. */
  count(page: DocumentPage, downTo: number | undefined): Promise<number>
  close(): Promise<void>
}

interface Collection {
  readonly database: DatabaseRole
  readonly collection: string
}

/** When a document was last written. */
export interface UpdateTime {
  readonly seconds: number
  readonly nanos: number
}

export interface StoredDocument {
  readonly id: string
  readonly updateTime: UpdateTime | undefined
  /** The bytes in field `name`, if there are any. */
  bytes(name: string): Buffer | undefined
  text(name: string): string | undefined
  texts(name: string): readonly string[]
  /** Epoch microseconds. */
  time(name: string): number | undefined
}

const RPC_TIMEOUT_MS = 5_000
/** The RPC and what comes before it: loading the client, fetching a token. */
const TOTAL_TIMEOUT_MS = 6_000
const CALL_OPTIONS: CallOptions = {
  timeout: RPC_TIMEOUT_MS,
  retry: null,
  retryRequestOptions: { retries: 0, noResponseRetries: 0 },
}

/** `google.rpc.Code`. */
const NOT_FOUND = 5
const ALREADY_EXISTS = 6
/** A precondition that does not hold, a document that is gone, a write at the same time. */
const CHANGED: ReadonlySet<unknown> = new Set([9, NOT_FOUND, 10])

type Fields = Readonly<Record<string, FieldValue | undefined>>

/** `Documents` in two databases of a project. `connect` is called on first use, again if it failed. */
export function firestoreDocuments(
  projectId: string,
  databaseIds: Readonly<Record<DatabaseRole, string>>,
  connect: () => Promise<FirestoreClient>,
): Documents {
  let connected: Promise<FirestoreClient> | undefined
  const client = () => {
    connected ??= connect().catch((cause: unknown) => {
      connected = undefined
      throw cause
    })
    return connected
  }
  const databaseOf = (at: Collection) =>
    `projects/${projectId}/databases/${databaseIds[at.database]}`
  const nameOf = (at: Collection, id: string) =>
    `${databaseOf(at)}/documents/${at.collection}/${id}`

  const documentOf = (at: Collection, id: string, fields: Fields) => ({
    name: nameOf(at, id),
    fields: Object.fromEntries(
      Object.entries(fields).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, toValue(value)] as const],
      ),
    ),
  })

  return {
    create: (at, id, fields, stampedIn) =>
      inTime(async () => {
        const update = documentOf(at, id, fields)
        const updateTransforms =
          stampedIn === undefined
            ? []
            : [{ fieldPath: stampedIn, setToServerValue: 'REQUEST_TIME' as const }]
        const writes = [{ update, currentDocument: { exists: false }, updateTransforms }]
        try {
          await (await client()).commit({ database: databaseOf(at), writes }, CALL_OPTIONS)
          return 'created'
        } catch (cause) {
          if (codeOf(cause) === ALREADY_EXISTS) return 'exists'
          throw cause
        }
      }),

    replace: (at, id, updateTime, fields) =>
      inTime(async () => {
        const update = documentOf(at, id, fields)
        const writes = [{ update, currentDocument: { updateTime } }]
        try {
          await (await client()).commit({ database: databaseOf(at), writes }, CALL_OPTIONS)
          return 'replaced'
        } catch (cause) {
          if (CHANGED.has(codeOf(cause))) return 'changed'
          throw cause
        }
      }),

    remove: (at, ids) =>
      inTime(async () => {
        const writes = ids.map((id) => ({ delete: nameOf(at, id) }))
        await (await client()).commit({ database: databaseOf(at), writes }, CALL_OPTIONS)
      }),

    together: (at, { set, remove, guard }) =>
      inTime(async () => {
        const { id, updateTime, fields } = guard
        const writes = [
          {
            update: documentOf(guard, id, fields),
            currentDocument: updateTime === undefined ? { exists: false } : { updateTime },
          },
          ...set.map((each) => ({ update: documentOf(at, each.id, each.fields) })),
          ...remove.map((gone) => ({ delete: nameOf(at, gone) })),
        ]
        try {
          await (await client()).commit({ database: databaseOf(at), writes }, CALL_OPTIONS)
          return 'written'
        } catch (cause) {
          if (CHANGED.has(codeOf(cause)) || codeOf(cause) === ALREADY_EXISTS) return 'changed'
          throw cause
        }
      }),

    get: (at, id) =>
      inTime(async () => {
        try {
          const request = { name: nameOf(at, id) }
          const [document] = await (await client()).getDocument(request, CALL_OPTIONS)
          return stored(document)
        } catch (cause) {
          if (codeOf(cause) === NOT_FOUND) return undefined
          throw cause
        }
      }),

    page: (page) =>
      inTime(async () => {
        const request = {
          parent: `${databaseOf(page.shape)}/documents`,
          structuredQuery: structuredQuery(page, (id) => nameOf(page.shape, id)),
        }
        const found: StoredDocument[] = []
        for await (const { document } of (await client()).runQuery(request, CALL_OPTIONS))
          if (document !== undefined && document !== null) found.push(stored(document))
        return found
      }),

    count: (page, downTo) =>
      inTime(async () => {
        const { limit: _limit, ...query } = structuredQuery(page, (id) => nameOf(page.shape, id))
        const endAt =
          downTo === undefined ? {} : { endAt: { values: [toValue(downTo)], before: false } }
        const request = {
          parent: `${databaseOf(page.shape)}/documents`,
          structuredAggregationQuery: {
            structuredQuery: { ...query, ...endAt },
            aggregations: [{ alias: 'found', count: { upTo: { value: page.limit } } }],
          },
        }
        let found: number | undefined
        for await (const { result } of (await client()).runAggregationQuery(request, CALL_OPTIONS))
          found ??= readCount(result?.aggregateFields?.['found']?.integerValue)
        if (found === undefined) throw new Error('firestore did not count')
        return found
      }),

    close: async () => (await connected)?.close(),
  }
}

function stored({ name, fields, updateTime }: Document): StoredDocument {
  return {
    id: name?.split('/').at(-1) ?? '',
    updateTime: readTime(updateTime),
    bytes(field) {
      const value = fields?.[field]?.bytesValue
      return value instanceof Uint8Array
        ? Buffer.from(value.buffer, value.byteOffset, value.byteLength)
        : undefined
    },
    text: (field) => fields?.[field]?.stringValue ?? undefined,
    texts: (field) =>
      (fields?.[field]?.arrayValue?.values ?? []).flatMap(({ stringValue }) => stringValue ?? []),
    time(field) {
      const time = readTime(fields?.[field]?.timestampValue)
      return time && time.seconds * 1_000_000 + Math.floor(time.nanos / 1000)
    },
  }
}

function readTime(time: Timestamp | null | undefined): UpdateTime | undefined {
  return time === null || time === undefined
    ? undefined
    : { seconds: Number((time.seconds ?? 0).toString()), nanos: time.nanos ?? 0 }
}

function readCount(value: { toString(): string } | null | undefined): number | undefined {
  return value === null || value === undefined ? undefined : Number(value.toString())
}

/** Settles as `work` does, or rejects when that takes too long. */
async function inTime<T>(work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('firestore gave no answer')), TOTAL_TIMEOUT_MS)
  })
  try {
    return await Promise.race([work(), late])
  } finally {
    clearTimeout(timer)
  }
}

function codeOf(cause: unknown): unknown {
  return typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined
}
