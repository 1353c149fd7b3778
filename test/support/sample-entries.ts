import { settle } from '../../shared/approval/permit.ts'
import type { BigQueryCall } from '../../shared/bigquery/call.ts'
import { parseProjectId } from '../../shared/bigquery/reference.ts'
import type { Principal } from '../../shared/identity/principal.ts'
import { base32 } from '../../shared/kernel/base32.ts'
import { mint } from '../../shared/kernel/brand.ts'
import type { Delivered } from '../../shared/recording/delivered.ts'
import { encodeEntry, stampEntry } from '../../shared/recording/encode-entry.ts'
import type { StoredEntry } from '../../shared/recording/entry-store.ts'
import type {
  AskedInPrivate,
  CallFacts,
  Delivery,
  Entry,
  RequestEntry,
} from '../../shared/recording/entry.ts'
import type { JobRecord } from '../../shared/recording/job.ts'
import { recordedPrincipal, recordedSession } from '../../shared/recording/recorded-caller.ts'
import { openSession } from '../../shared/session/open-session.ts'
import type { Session } from '../../shared/session/session.ts'
import { testPart, testWriters } from './record-parts.ts'

/** 26 characters of base32 that say which call it is. */
export function sampleCallId(number: number): string {
  const bytes = Buffer.alloc(16)
  bytes.writeUInt32BE(number)
  return base32(bytes)
}

function samplePrincipal(subject = 'ana'): Principal {
  return mint<Principal>({
    issuer: 'https://id.example',
    subject,
    groups: ['analysts'],
    clientId: 'mcp-toolbox',
    email: `${subject}@acme.example`,
    claims: { repository: 'acme/etl' },
    actors: [{ issuer: undefined, subject: 'agent-7' }],
    credential: {
      kind: 'exchanged',
      tokenDigest: 'c2FtcGxl',
      tokenId: undefined,
      lifetime: '1790000000',
      issuedAt: 1_790_000_000_000,
      expiresAt: 1_790_000_600_000,
    },
  })
}

export function sampleSession(subject?: string): Session {
  return openSession(samplePrincipal(subject), {
    sourceAddress: '192.0.2.7',
    userAgent: 'genai-toolbox/1.12.0',
    apiClient: 'gl-go/1.27.1',
    sessionName: undefined,
    labels: {},
  })
}

export const sampleFacts: CallFacts = {
  method: 'jobs.query',
  projectId: 'acme',
  dryRun: false,
  statementType: 'SELECT',
  sql: 'SELECT name FROM hospital.patients WHERE id = 7',
  strippedSql: 'SELECT name FROM hospital.patients WHERE id = ?',
  fingerprint: 'f'.repeat(64),
  parameters: undefined,
  tables: ['acme.hospital.patients'],
  targets: [],
  routines: undefined,
  estimatedBytes: undefined,
  justification: undefined,
  job: undefined,
}

export const sampleDelivered: Delivered = {
  status: 200,
  job: { projectId: 'acme', jobId: 'job_1', location: 'US' },
  error: undefined,
  schema: '{"fields":[{"name":"name","type":"STRING"}]}',
  rows: 1,
  totalRows: '1',
  totalBytesProcessed: '1024',
  totalBytesBilled: undefined,
  numDmlAffectedRows: undefined,
  cacheHit: false,
  statementType: 'SELECT',
  morePages: false,
  body: Buffer.from('{"rows":[{"f":[{"v":"Ana"}]}]}'),
  rowBytes: Buffer.from('[{"f":[{"v":"Ana"}]}]'),
}

const { error: _error, body: _body, rowBytes: _rows, ...delivered } = sampleDelivered
export const sampleDelivery: Delivery = {
  ...delivered,
  errorReason: undefined,
  bytes: 321,
  digest: 'd'.repeat(64),
  rowsDigest: 'c'.repeat(64),
  body: 'digest',
}

/** A request entry, changed as `change` says; its id follows its call. */
export function sampleRequest({
  sql = sampleFacts.sql,
  parameters,
  justification,
  ...change
}: Partial<RequestEntry & AskedInPrivate> = {}): StoredEntry {
  const session = sampleSession()
  const call = change.call ?? sampleCallId(1)
  const { sql: _sql, parameters: _parameters, justification: _words, ...facts } = sampleFacts
  const id = change.id ?? `${call}~request`
  const { part, ciphertext } = testPart(id, { sql, parameters, justification })
  const entry: RequestEntry = {
    ...facts,
    private: part,
    v: 1,
    type: 'request',
    id,
    call,
    at: 1_790_000_000_000,
    principal: recordedPrincipal(session.principal),
    session: recordedSession(session),
    decision: sampleDecision,
    grant: undefined,
    connection: 'main',
    effectiveDigest: 'e'.repeat(64),
    ...change,
  }
  return sampleStored(entry, ciphertext)
}

/** An entry as some writer writes it. */
export function sampleStored(entry: Entry, ciphertext?: Buffer): StoredEntry {
  return stampEntry(sampleWriter, encodeEntry(entry), ciphertext)
}

const sampleWriter = await testWriters().use((writer) => writer)

export const sampleDecision = {
  effect: 'permit',
  rules: ['analysts-read'],
  obligations: {
    maximumBytesBilled: 1_000_000_000,
    jobTimeoutMs: undefined,
    maximumRows: undefined,
    masks: [],
    governed: false,
  },
  policyDigest: 'a'.repeat(64),
} as const

export function sampleCall(change: Partial<BigQueryCall> = {}): BigQueryCall {
  const projectId = parseProjectId('acme')
  if (projectId === undefined) throw new Error('unreachable')
  return {
    method: 'jobs.query',
    projectId,
    verb: 'POST',
    path: '/projects/acme/queries',
    query: {},
    body: { query: sampleFacts.sql, useLegacySql: false },
    ...change,
  }
}

export function samplePermit(call: BigQueryCall = sampleCall()) {
  const settled = settle(sampleDecision, () => call)
  if (!settled.ok) throw new Error('unreachable')
  return settled.value
}

export function sampleJob(change: Partial<JobRecord> = {}): JobRecord {
  return {
    projectId: 'acme',
    jobId: 'job_1',
    location: 'US',
    connection: 'main',
    owner: 'https://id.example ana',
    call: sampleCallId(1),
    session: sampleSession().id,
    request: '1'.repeat(64),
    effectiveDigest: 'e'.repeat(64),
    dryRun: false,
    release: { masks: [], governed: false, maximumRows: undefined, outputs: undefined },
    at: 1_790_000_000_000,
    ...change,
  }
}
