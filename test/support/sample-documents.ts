import { recordedPrincipal, recordedSession } from '../../shared/recording/recorded-caller.ts'
import type { CallDocument } from '../../shared/recording/search/search-document.ts'
import type { IndexedDocument } from '../../shared/recording/search/search-index.ts'
import { tokensOf } from '../../shared/recording/search/tokens-of.ts'
import { sampleCallId, sampleSession } from './sample-entries.ts'

/** The document of a call, changed as `change` says; `number` gives it its id and its time. */
export function sampleDocument(number: number, change: Partial<CallDocument> = {}): CallDocument {
  const session = sampleSession()
  const call = sampleCallId(number)
  return {
    kind: 'call',
    id: `call~${call}`,
    at: 1_790_000_000_000 + number,
    call,
    principal: recordedPrincipal(session.principal),
    session: recordedSession(session),
    method: 'jobs.query',
    projectId: 'acme',
    dryRun: false,
    statementType: 'SELECT',
    strippedSql: 'SELECT name FROM `acme.hospital.patients` WHERE ssn = ?',
    fingerprint: 'f'.repeat(64),
    tables: ['acme.hospital.patients'],
    targets: [],
    columns: ['acme.hospital.patients.name', 'acme.hospital.patients.ssn'],
    filterColumns: ['acme.hospital.patients.ssn'],
    masked: [],
    tags: [],
    decision: 'permit',
    rules: ['analysts-read'],
    problem: undefined,
    reason: undefined,
    policyDigest: 'a'.repeat(64),
    grant: undefined,
    approval: undefined,
    approvers: [],
    outcome: 'released',
    endedAt: 1_790_000_000_100 + number,
    durationMs: 100,
    job: { projectId: 'acme', jobId: `job_${number}`, location: 'US' },
    rows: 1,
    bytesProcessed: 1_024,
    bytesBilled: undefined,
    replayOf: undefined,
    flags: [],
    ...change,
  }
}

/** As it is put into an index. */
export function indexedDocument(document: CallDocument): IndexedDocument {
  return { document, tokens: tokensOf(document) }
}
