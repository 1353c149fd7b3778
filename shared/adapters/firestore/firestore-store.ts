import type { Clock } from '../../kernel/clock.ts'
import type { EntryStore } from '../../recording/entry-store.ts'
import type { Jobs } from '../../recording/job.ts'
import type { RemoveEntries } from '../../recording/retention/entry-removal.ts'
import type { SearchIndex } from '../../recording/search/search-index.ts'
import { googleOwnIdentity } from '../bigquery/google-own-identity.ts'
import type { OwnIdentity } from '../bigquery/impersonated-credential.ts'
import { type Registered, registered } from '../registers/registered.ts'
import { Redacted } from '../secret-manager/redacted.ts'
import type { FirestoreClient } from './client.ts'
import { firestoreDocuments } from './documents.ts'
import { firestoreEntries } from './firestore-entries.ts'
import { firestoreJobs } from './firestore-jobs.ts'
import { firestoreRegisters } from './firestore-registers.ts'
import { firestoreRemoval } from './firestore-removal.ts'
import { firestoreSearch } from './firestore-search.ts'
import { firestoreRestClient } from './rest-client.ts'

export interface FirestoreStoreOptions {
  readonly projectId: string
  /**
   * The database of the record, apart from everything else: Sluice's role in it can create and read,
   * not update or delete.
   */
  readonly entriesDatabaseId: string
  /** The database of jobs and the links to their result tables. */
  readonly operationsDatabaseId: string
  /** Google's emulator, `host:port`, in place of Firestore. */
  readonly emulator?: string | undefined
  /** Whose rights are used. Default: Google's credentials of this machine. The emulator believes everybody. */
  readonly ownIdentity?: OwnIdentity
  readonly clock: Clock
  /** In place of one that calls Firestore. */
  readonly client?: FirestoreClient
}

export interface FirestoreStore extends Registered {
  readonly entries: EntryStore
  readonly jobs: Jobs
  readonly removeEntries: RemoveEntries
  readonly search: SearchIndex
  close(): Promise<void>
}

/**
 * Entries, jobs and registers in Firestore. Connects on first use. Every write is one commit of one
 * document that must not exist, or for a register must be as it was read; every read is one RPC. Each
 * rejects after 5 s.
 */
export function firestoreStore(options: FirestoreStoreOptions): FirestoreStore {
  const { projectId, client = restClient(options) } = options
  const documents = firestoreDocuments(
    projectId,
    { entries: options.entriesDatabaseId, operations: options.operationsDatabaseId },
    client,
  )
  return {
    entries: firestoreEntries(documents),
    jobs: firestoreJobs(documents),
    removeEntries: firestoreRemoval(documents),
    search: firestoreSearch(documents),
    ...registered(firestoreRegisters(documents)),
    close: () => documents.close(),
  }
}

function restClient(options: FirestoreStoreOptions): FirestoreClient {
  const { emulator, ownIdentity = googleOwnIdentity(), clock } = options
  if (emulator === undefined)
    return firestoreRestClient({ origin: 'https://firestore.googleapis.com', ownIdentity, clock })
  const owner = new Redacted('owner')
  return firestoreRestClient({
    origin: `http://${emulator}`,
    ownIdentity: async () => owner,
    clock,
  })
}
