import { compositeIndexes, exemptFields } from '../shared/adapters/firestore/indexes.ts'

/** What terraform and gcloud make in Firestore: composite indexes, and fields without indexes of their own. */
export function firestoreIndexes() {
  return {
    indexes: compositeIndexes,
    exempt: exemptFields.flatMap(({ database, collection, fieldPaths }) =>
      fieldPaths.map((fieldPath) => ({
        database,
        collection,
        fieldPath,
        // What nobody wrote since may go: Firestore deletes it within a day of that time.
        ttl: fieldPath === 'expiresAt',
      })),
    ),
  }
}
