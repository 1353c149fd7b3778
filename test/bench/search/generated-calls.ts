import { base32 } from '../../../shared/kernel/base32.ts'
import type { CallDocument } from '../../../shared/recording/search/search-document.ts'

const START = Date.UTC(2026, 0, 1)
const EVERY_MS = 45_000
const DATASETS = ['hospital', 'crm', 'sales', 'logs', 'finance']
const GROUPS = ['analysts', 'clinicians', 'etl', 'finance', 'support']
const COLUMNS = ['id', 'name', 'ssn', 'birth_date', 'email', 'amount', 'created_at', 'notes']
const TOOLS = ['execute_sql', 'list_tables', 'ask_data', 'forecast']

/** A call, and how many entries the record has of it. */
interface GeneratedCall {
  readonly document: CallDocument
  readonly entries: number
}

/** Calls as years of traffic leave them, the same every time: some people, tables and statements are in many, most in few. */
export function* generatedCalls(): Generator<GeneratedCall> {
  for (let number = 0; ; number += 1) yield generated(number, randomFrom(number + 1))
}

/** The id of the call of this number, from 0. */
export function generatedCallId(number: number): string {
  return base32(Buffer.from(number.toString(16).padStart(32, '0'), 'hex')).padEnd(26, 'a')
}

function generated(number: number, random: () => number): GeneratedCall {
  const at = START + number * EVERY_MS
  const call = generatedCallId(number)
  const person = common(random, 400)
  const kind = random()
  const decision = kind < 0.9 ? 'permit' : kind < 0.95 ? 'deny' : 'require-approval'
  const dataset = DATASETS[common(random, DATASETS.length)] ?? ''
  const tables = Array.from(
    { length: 1 + Math.floor(random() * 3) },
    () => `acme-prod.${dataset}.table_${common(random, 300)}`,
  )
  const columns = tables.flatMap((table) =>
    COLUMNS.filter(() => random() < 0.5).map((column) => `${table}.${column}`),
  )
  const isReleased = decision !== 'deny' && random() < 0.97
  const shape = common(random, 5_000)
  const bytes = Math.floor(10 ** (3 + random() * 9))
  const document: CallDocument = {
    kind: 'call',
    id: `call~${call}`,
    at,
    call,
    principal: principalOf(person, number),
    session: sessionOf(person, at),
    method: random() < 0.8 ? 'jobs.query' : 'jobs.insert',
    projectId: 'acme-prod',
    dryRun: random() < 0.05,
    statementType: random() < 0.9 ? 'SELECT' : random() < 0.5 ? 'INSERT' : 'MERGE',
    strippedSql: `SELECT ${columns.map((each) => each.split('.').at(-1)).join(', ')} FROM \`${tables.join('`, `')}\` AS t${shape} WHERE created_at > ? AND amount < ? GROUP BY ALL LIMIT ?`,
    fingerprint: shape.toString(16).padStart(64, '0'),
    tables,
    targets: random() < 0.1 ? [`acme-prod.${dataset}.target_${common(random, 50)}`] : [],
    columns,
    filterColumns: tables.map((table) => `${table}.created_at`),
    masked: columns
      .filter((column) => column.endsWith('.ssn'))
      .map((column) => ({ column, mask: 'LAST_FOUR_CHARACTERS' })),
    tags: columns.some((column) => column.endsWith('.email')) ? ['pii', 'contact'] : [],
    decision,
    rules: [`rule-${common(random, 40)}`],
    problem: decision === 'deny' ? 'denied' : undefined,
    reason: decision === 'deny' ? 'no-matching-rule' : undefined,
    policyDigest: 'a'.repeat(64),
    grant: decision === 'require-approval' ? call : undefined,
    approval: decision === 'require-approval' ? (isReleased ? 'ended' : 'denied') : undefined,
    approvers:
      decision === 'require-approval' && isReleased
        ? [
            {
              key: `https://id.acme.example approver-${common(random, 20)}`,
              name: `approver-${common(random, 20)}@acme.example`,
            },
          ]
        : [],
    outcome: decision === 'deny' ? undefined : isReleased ? 'released' : 'failed',
    endedAt: at + 900,
    durationMs: 900,
    job: { projectId: 'acme-prod', jobId: `job_${number.toString(36)}`, location: 'US' },
    rows: Math.floor(random() * 1_000),
    bytesProcessed: decision === 'deny' ? undefined : bytes,
    bytesBilled: decision === 'deny' ? undefined : bytes,
    replayOf: undefined,
    flags: random() < 0.002 ? [{ rule: 'mass-read', why: '100,000 rows' }] : [],
  }
  return { document, entries: decision === 'deny' ? 1 : decision === 'permit' ? 2 : 5 }
}

function principalOf(person: number, number: number): CallDocument['principal'] {
  const isMachine = person % 7 === 0
  const email = `person-${person}@acme.example`
  return {
    issuer: 'https://id.acme.example',
    subject: `person-${person}`,
    groups: [GROUPS[person % GROUPS.length] ?? '', 'everybody'],
    clientId: isMachine ? 'ci' : 'mcp-toolbox',
    email: isMachine ? undefined : email,
    claims: isMachine ? { run_id: String(Math.floor(number / 20)), repository: 'acme/etl' } : {},
    actors: person % 3 === 0 ? [{ issuer: undefined, subject: `agent-${person % 11}` }] : [],
    credential: {
      kind: 'exchanged',
      tokenDigest: 'a'.repeat(43),
      tokenId: undefined,
      lifetime: '1',
      issuedAt: 0,
      expiresAt: 1,
    },
  }
}

function sessionOf(person: number, at: number): CallDocument['session'] {
  return {
    id: `${person.toString(36)}s${Math.floor(at / 3_600_000).toString(36)}`.padEnd(26, 'a'),
    verified: { sourceAddress: '192.0.2.7' },
    claimed: {
      userAgent: 'genai-toolbox/1.12.0',
      apiClient: undefined,
      name: undefined,
      server: person % 2 === 0 ? 'genai-toolbox/1.12.0' : 'google-cloud-sdk/550',
      tool: TOOLS[person % TOOLS.length],
    },
  }
}

/** From 0 to below `most`, the small ones more often than the large. */
function common(random: () => number, most: number): number {
  return Math.floor(most * random() ** 3)
}

/** Mulberry32, by Tommy Ettinger. */
function randomFrom(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
