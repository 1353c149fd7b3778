/**
 * The part of Google's Firestore v1 that is used here, at the level where one call is one RPC, in the JSON of its REST API:
 * https://cloud.google.com/firestore/docs/reference/rest. Each rejects with `FirestoreError`, and is not repeated.
 */
export interface FirestoreClient {
  /** All of the writes or none. */
  commit(database: string, writes: readonly Write[]): Promise<unknown>
  /** `NOT_FOUND` where there is none. */
  getDocument(name: string): Promise<Document>
  /** What the query finds, in its order. */
  runQuery(parent: string, query: StructuredQuery): Promise<readonly Document[]>
  /** How many the query finds, counted no further than `upTo`. */
  count(parent: string, query: StructuredQuery, upTo: number): Promise<number>
  /** Calls that are under way are answered first. */
  close(): Promise<void>
}

/** A value as it is sent. */
export type Value =
  | { readonly stringValue: string }
  /** Decimal. */
  | { readonly integerValue: string }
  /** Base64. */
  | { readonly bytesValue: string }
  | { readonly referenceValue: string }
  | { readonly arrayValue: { readonly values: readonly Value[] } }
  /** RFC 3339, in UTC. */
  | { readonly timestampValue: string }

/** A document as it is received: its name, bytes, texts, times and lists of texts. */
export interface Document {
  readonly name: string
  /** When it was last written, RFC 3339, to the microsecond: sent back as it came. */
  readonly updateTime?: string | undefined
  readonly fields?: Readonly<Record<string, ReceivedValue>> | undefined
}

/** What is something else has none of these. */
export interface ReceivedValue {
  readonly bytesValue?: string | undefined
  readonly stringValue?: string | undefined
  readonly timestampValue?: string | undefined
  readonly arrayValue?:
    | { readonly values?: readonly { readonly stringValue?: string | undefined }[] | undefined }
    | undefined
}

export type Write =
  | {
      readonly update: { readonly name: string; readonly fields: Readonly<Record<string, Value>> }
      readonly currentDocument?: { readonly exists: boolean } | { readonly updateTime: string }
      readonly updateTransforms?: readonly {
        readonly fieldPath: string
        readonly setToServerValue: 'REQUEST_TIME'
      }[]
    }
  | { readonly delete: string }

export interface StructuredQuery {
  readonly select?: { readonly fields: readonly { readonly fieldPath: string }[] }
  readonly from: readonly { readonly collectionId: string }[]
  readonly where: {
    readonly fieldFilter: {
      readonly field: { readonly fieldPath: string }
      readonly op: 'EQUAL' | 'IN' | 'ARRAY_CONTAINS'
      readonly value: Value
    }
  }
  readonly orderBy: readonly {
    readonly field: { readonly fieldPath: string }
    readonly direction: 'ASCENDING' | 'DESCENDING'
  }[]
  readonly startAt?: { readonly values: readonly Value[]; readonly before: boolean }
  readonly endAt?: { readonly values: readonly Value[]; readonly before: boolean }
  readonly limit?: number
}
