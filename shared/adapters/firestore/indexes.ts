/** Which of the two databases a collection is in. */
export type DatabaseRole = 'entries' | 'operations'

/**
 * A query this code issues: one equality (or `IN`), by `at` or `sort`, then by a second field; newest first unless it is
 * `ASCENDING`.
 */
export interface QueryShape {
  readonly database: DatabaseRole
  readonly collection: string
  readonly equal: string
  /** `__name__` is the document id, which ends every index anyway. */
  readonly tieBreak: string
  readonly order?: 'ASCENDING'
  /** The field to sort by, a time; `at` when left out. */
  readonly sort?: string
  /** `equal` is a list of texts, and has one that is equal. */
  readonly isList?: true
  /** Answers with ids alone: documents may be large. */
  readonly idsOnly?: true
}

/** All queries there are. `queryPage` issues no other. */
export const queryShapes = {
  entriesByCall: {
    database: 'entries',
    collection: 'entries',
    equal: 'call',
    tieBreak: '__name__',
  },
  entriesBySession: {
    database: 'entries',
    collection: 'entries',
    equal: 'session',
    tieBreak: '__name__',
  },
  // `at` alone would put every write of the day at the end of one index, which Firestore slows down
  // at 500 a second. Spread over shards it reads the same and holds that many times more.
  entriesByShard: {
    database: 'entries',
    collection: 'entries',
    equal: 'shard',
    tieBreak: '__name__',
  },
  entriesByCommit: {
    database: 'entries',
    collection: 'entries',
    equal: 'shard',
    tieBreak: '__name__',
    order: 'ASCENDING',
    sort: 'committed',
  },
  jobsByOwner: {
    database: 'operations',
    collection: 'jobs',
    equal: 'ownerProject',
    tieBreak: 'jobId',
  },
  jobsByResultTable: {
    database: 'operations',
    collection: 'resultTables',
    equal: 'tableOwner',
    tieBreak: 'jobId',
  },
  // All a search asks: one token, the rarest by its kind, newest first. The other tokens are looked for in what is found.
  searchByToken: {
    database: 'operations',
    collection: 'searchDocuments',
    equal: 'tokens',
    isList: true,
    tieBreak: '__name__',
  },
  grantsByGroup: listed('grants'),
  secretsByOwner: listed('recordSecrets'),
  sessionsByGroup: listed('recordedSessions'),
} as const satisfies Record<string, QueryShape>

/** The lists of a collection of registers. */
function listed<Name extends string>(collection: Name) {
  return {
    database: 'operations',
    collection,
    equal: 'group',
    tieBreak: '__name__',
    order: 'ASCENDING',
    idsOnly: true,
  } as const
}

/** A composite index, as `google_firestore_index` spells it. Scope: collection. */
export interface CompositeIndex {
  readonly database: DatabaseRole
  readonly collection: string
  readonly fields: readonly (
    | { readonly fieldPath: string; readonly order: 'ASCENDING' | 'DESCENDING' }
    | { readonly fieldPath: string; readonly arrayConfig: 'CONTAINS' }
  )[]
}

/** What Firestore needs to answer every query. Firestore appends `__name__` by itself. */
export const compositeIndexes: readonly CompositeIndex[] = Object.values<QueryShape>(
  queryShapes,
).map((shape) => {
  const { database, collection, equal, tieBreak } = shape
  const order = orderOf(shape)
  const fields = [
    shape.isList === true
      ? { fieldPath: equal, arrayConfig: 'CONTAINS' as const }
      : { fieldPath: equal, order: 'ASCENDING' as const },
    { fieldPath: shape.sort ?? 'at', order },
    ...(tieBreak === '__name__' ? [] : [{ fieldPath: tieBreak, order }]),
  ]
  return { database, collection, fields }
})

/** How the results of a query are sorted. */
export function orderOf(shape: QueryShape): 'ASCENDING' | 'DESCENDING' {
  return shape.order ?? 'DESCENDING'
}

/**
 * Fields without single-field indexes (`google_firestore_field` with an empty `index_config`): no
 * query uses one, each would cost a write per document, and indexed bytes are capped at 1,500.
 */
export const exemptFields: readonly {
  readonly database: DatabaseRole
  readonly collection: string
  readonly fieldPaths: readonly string[]
}[] = [
  {
    database: 'entries',
    collection: 'entries',
    fieldPaths: [
      'call',
      'session',
      'shard',
      'at',
      'committed',
      'bytes',
      'deflated',
      'stamp',
      'signature',
      'ciphertext',
    ],
  },
  {
    database: 'operations',
    collection: 'jobs',
    fieldPaths: ['ownerProject', 'at', 'jobId', 'bytes'],
  },
  {
    database: 'operations',
    collection: 'resultTables',
    fieldPaths: ['tableOwner', 'at', 'jobId', 'bytes'],
  },
  { database: 'operations', collection: 'usage', fieldPaths: ['bytes', 'expiresAt'] },
  { database: 'operations', collection: 'killSwitches', fieldPaths: ['bytes'] },
  { database: 'operations', collection: 'derivedTags', fieldPaths: ['bytes'] },
  { database: 'operations', collection: 'grants', fieldPaths: ['bytes', 'group', 'at'] },
  { database: 'operations', collection: 'recordSecrets', fieldPaths: ['bytes', 'group', 'at'] },
  { database: 'operations', collection: 'recordedSessions', fieldPaths: ['bytes', 'group', 'at'] },
  { database: 'operations', collection: 'legalHolds', fieldPaths: ['bytes'] },
  { database: 'operations', collection: 'retention', fieldPaths: ['bytes'] },
  { database: 'operations', collection: 'pendingErasures', fieldPaths: ['bytes'] },
  { database: 'operations', collection: 'logStates', fieldPaths: ['bytes'] },
  { database: 'operations', collection: 'standingGrants', fieldPaths: ['bytes'] },
  { database: 'operations', collection: 'timeBoxes', fieldPaths: ['bytes'] },
  { database: 'operations', collection: 'peopleSeen', fieldPaths: ['bytes', 'expiresAt'] },
  { database: 'operations', collection: 'addressesSeen', fieldPaths: ['bytes', 'expiresAt'] },
  { database: 'operations', collection: 'browserSessions', fieldPaths: ['bytes', 'expiresAt'] },
  { database: 'operations', collection: 'slackMessages', fieldPaths: ['bytes', 'expiresAt'] },
  { database: 'operations', collection: 'watermarks', fieldPaths: ['bytes'] },
  { database: 'operations', collection: 'configurations', fieldPaths: ['bytes'] },
  { database: 'operations', collection: 'savedSearches', fieldPaths: ['bytes'] },
  {
    database: 'operations',
    collection: 'searchDocuments',
    fieldPaths: ['tokens', 'at', 'bytes'],
  },
  { database: 'operations', collection: 'searchPlaces', fieldPaths: ['bytes'] },
]
