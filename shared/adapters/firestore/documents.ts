import type { Document, FirestoreClient } from './client.ts'
import { type FieldValue, toValue } from './field-value.ts'
import { FirestoreError } from './firestore-error.ts'
import type { DatabaseRole } from './indexes.ts'
import { type DocumentPage, structuredQuery } from './structured-query.ts'
import { parseTimestamp } from './timestamp.ts'

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
    updateTime: string,
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
        readonly updateTime: string | undefined
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

export interface StoredDocument {
  readonly id: string
  /** When it was last written, as Firestore says it. */
  readonly updateTime: string | undefined
  /** The bytes in field `name`, if there are any. */
  bytes(name: string): Buffer | undefined
  text(name: string): string | undefined
  texts(name: string): readonly string[]
  /** Epoch microseconds. */
  time(name: string): number | undefined
}

/** The RPC and what comes before it: fetching a token. */
const TOTAL_TIMEOUT_MS = 6_000

/** A precondition that does not hold, a document that is gone, a write at the same time. */
const CHANGED: ReadonlySet<unknown> = new Set(['FAILED_PRECONDITION', 'NOT_FOUND', 'ABORTED'])

type Fields = Readonly<Record<string, FieldValue | undefined>>

/** `Documents` in two databases of a project. */
export function firestoreDocuments(
  projectId: string,
  databaseIds: Readonly<Record<DatabaseRole, string>>,
  client: FirestoreClient,
): Documents {
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
          await client.commit(databaseOf(at), writes)
          return 'created'
        } catch (cause) {
          if (statusOf(cause) === 'ALREADY_EXISTS') return 'exists'
          throw cause
        }
      }),

    replace: (at, id, updateTime, fields) =>
      inTime(async () => {
        const update = documentOf(at, id, fields)
        const writes = [{ update, currentDocument: { updateTime } }]
        try {
          await client.commit(databaseOf(at), writes)
          return 'replaced'
        } catch (cause) {
          if (CHANGED.has(statusOf(cause))) return 'changed'
          throw cause
        }
      }),

    remove: (at, ids) =>
      inTime(async () => {
        const writes = ids.map((id) => ({ delete: nameOf(at, id) }))
        await client.commit(databaseOf(at), writes)
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
          await client.commit(databaseOf(at), writes)
          return 'written'
        } catch (cause) {
          if (CHANGED.has(statusOf(cause)) || statusOf(cause) === 'ALREADY_EXISTS') return 'changed'
          throw cause
        }
      }),

    get: (at, id) =>
      inTime(async () => {
        try {
          return stored(await client.getDocument(nameOf(at, id)))
        } catch (cause) {
          if (statusOf(cause) === 'NOT_FOUND') return undefined
          throw cause
        }
      }),

    page: (page) =>
      inTime(async () => {
        const query = structuredQuery(page, (id) => nameOf(page.shape, id))
        return (await client.runQuery(`${databaseOf(page.shape)}/documents`, query)).map(stored)
      }),

    count: (page, downTo) =>
      inTime(async () => {
        const { limit, ...query } = structuredQuery(page, (id) => nameOf(page.shape, id))
        const endAt =
          downTo === undefined ? {} : { endAt: { values: [toValue(downTo)], before: false } }
        return client.count(`${databaseOf(page.shape)}/documents`, { ...query, ...endAt }, limit)
      }),

    close: () => client.close(),
  }
}

function stored({ name, fields, updateTime }: Document): StoredDocument {
  return {
    id: name.split('/').at(-1) ?? '',
    updateTime,
    bytes(field) {
      const value = fields?.[field]?.bytesValue
      return value === undefined ? undefined : Buffer.from(value, 'base64')
    },
    text: (field) => fields?.[field]?.stringValue,
    texts: (field) =>
      (fields?.[field]?.arrayValue?.values ?? []).flatMap(({ stringValue }) => stringValue ?? []),
    time(field) {
      const value = fields?.[field]?.timestampValue
      return value === undefined ? undefined : parseTimestamp(value)
    },
  }
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

function statusOf(cause: unknown): string | undefined {
  return cause instanceof FirestoreError ? cause.status : undefined
}
