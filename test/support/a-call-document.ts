import type { CallDocument } from '../../shared/recording/search/search-document.ts'
import { ISSUER, type Person } from './people.ts'

let calls = 0

/** A permitted read of the patients by somebody, but for `changes`. */
export function aCallDocument(by: Person, changes: Partial<CallDocument> = {}): CallDocument {
  calls += 1
  const call = `${calls}`.padStart(26, 'a')
  return {
    kind: 'call',
    id: `call~${call}`,
    at: Date.now() - calls * 1_000,
    call,
    principal: {
      issuer: ISSUER,
      subject: by,
      groups: ['analysts'],
      clientId: 'bq',
      email: `${by}@acme.example`,
      claims: {},
      actors: [],
      credential: {
        kind: 'bearer',
        tokenDigest: 'a',
        tokenId: undefined,
        lifetime: 'a',
        issuedAt: 0,
        expiresAt: 1,
      },
    },
    session: undefined,
    method: 'jobs.query',
    projectId: 'acme',
    dryRun: false,
    statementType: 'SELECT',
    strippedSql: 'SELECT ssn FROM acme.hospital.patients',
    fingerprint: 'f',
    tables: ['acme.hospital.patients'],
    targets: [],
    columns: ['acme.hospital.patients.ssn'],
    filterColumns: [],
    masked: [],
    tags: [],
    decision: 'permit',
    rules: ['analysts-read'],
    problem: undefined,
    reason: undefined,
    policyDigest: 'd',
    grant: undefined,
    approval: undefined,
    approvers: [],
    outcome: 'released',
    endedAt: undefined,
    durationMs: 3,
    job: undefined,
    rows: 1,
    bytesProcessed: undefined,
    bytesBilled: undefined,
    replayOf: undefined,
    flags: [],
    ...changes,
  }
}
