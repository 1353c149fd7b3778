import { createHash } from 'node:crypto'

import { base32 } from '../../shared/kernel/base32.ts'
import { deliveryDigest } from '../../shared/recording/private-part.ts'
import { stampHash, stampMessage } from '../../shared/recording/stamp.ts'
import type { Writer } from '../../shared/recording/writer.ts'
import { encodeBase64 } from '../../shared/tlog/base64.ts'
import { emptyRange, extendRange, rootOf } from '../../shared/tlog/compact-range.ts'
import { leafHash } from '../../shared/tlog/hash.ts'
import { type Kept, type RecordLog, recordLog } from './record-log.ts'

/** Names of calls and sessions by a text that says what they are. */
export const idOf = (name: string): string =>
  base32(createHash('sha256').update(name).digest().subarray(0, 16))

const person = (subject: string) => ({
  issuer: 'https://id.example',
  subject,
  groups: ['analysts'],
  clientId: 'mcp-toolbox',
  email: `${subject}@acme.example`,
  claims: {},
  actors: [{ subject: 'agent-7' }],
  credential: {
    kind: 'bearer',
    tokenDigest: 'c2FtcGxl',
    lifetime: '1790000000',
    issuedAt: 1,
    expiresAt: 2,
  },
})

const voter = (subject: string) => ({
  issuer: 'https://id.example',
  subject,
  email: `${subject}@acme.example`,
  clientId: 'sluice-cli',
  actors: [],
  groups: ['privacy-office'],
  channel: 'api',
  proof: 'token',
})

const sessionFacts = (name: string) => ({
  id: idOf(name),
  verified: { sourceAddress: '192.0.2.7' },
  claimed: { userAgent: 'genai-toolbox/1.12.0' },
})

const ROWS = Buffer.from('{"rows":[{"f":[{"v":"XXXXX1234"}]}]}')
const SALT = Buffer.alloc(32, 7)

interface CallOptions {
  readonly log: RecordLog
  readonly writer: Writer
  readonly name: string
  readonly who: string
  readonly session: string
  /** Events of its grant, without their times; it then needs approval. */
  readonly events?: readonly Readonly<Record<string, unknown>>[]
  readonly grant?: string
  readonly outcome?: string
  readonly pages?: number
  readonly writerOfEnd?: Writer
}

/** A call from request to end, as instances write it. */
export function writeCall(options: CallOptions): Kept {
  const { log, writer, name, who, session, events, outcome = 'released', pages = 0 } = options
  const call = idOf(name)
  const grant = options.grant ?? (events === undefined ? undefined : call)
  const sql = `SELECT name FROM hospital.patients WHERE id = '${name}'`
  const request = log.write(
    writer,
    {
      type: 'request',
      id: `${call}~request`,
      call,
      method: 'jobs.query',
      projectId: 'acme',
      dryRun: false,
      statementType: 'SELECT',
      strippedSql: 'SELECT name FROM hospital.patients WHERE id = ?',
      tables: ['acme.hospital.patients'],
      targets: [],
      principal: person(who),
      session: sessionFacts(session),
      decision: {
        effect: grant === undefined ? 'permit' : 'require-approval',
        rules: ['analysts-read'],
        policyDigest: 'a'.repeat(64),
        ...(grant !== undefined && { approvals: ['privacy'] }),
      },
      connection: 'main',
      effectiveDigest: 'e'.repeat(64),
      ...(grant !== undefined && { grant }),
    },
    { sql, parameters: undefined, justification: undefined },
  )
  const of = { call, request: request.hash, session: idOf(session) }
  for (const [number, event] of (events ?? []).entries())
    log.write(writer, {
      type: 'approval',
      id: `${call}~approval~${number}`,
      ...of,
      grant: call,
      digest: DIGEST,
      number,
      event: { at: log.time.now, ...event },
    })
  if (outcome === 'none') return request
  const delivered = {
    status: 200,
    rows: 1,
    morePages: false,
    bytes: ROWS.length,
    digest: deliveryDigest(SALT, ROWS),
  }
  const facts = { error: undefined, body: encodeBase64(ROWS), bodySalt: encodeBase64(SALT) }
  for (let page = 0; page < pages; page++)
    log.write(
      writer,
      {
        type: 'page',
        id: `${call}~page~${idOf(`${name} ${page}`)}`,
        call,
        request: request.hash,
        principal: person(who),
        session: sessionFacts(session),
        method: 'jobs.getQueryResults',
        delivery: delivered,
        durationMs: 12,
      },
      facts,
    )
  const isDelivered = outcome === 'released' || outcome === 'failed'
  log.write(
    options.writerOfEnd ?? writer,
    {
      type: 'outcome',
      id: `${call}~end`,
      ...of,
      outcome,
      durationMs: 30,
      ...(isDelivered && { delivery: delivered }),
    },
    isDelivered ? facts : undefined,
  )
  return request
}

/** What approvers are shown. */
const DIGEST = 'b'.repeat(64)

export const vote = (subject: string, verdict = 'approve') => ({
  type: 'voted',
  vote: { id: `vote of ${subject}`, by: voter(subject), verdict, reason: '', digest: DIGEST },
})

export const approvedEvents = (...more: readonly Readonly<Record<string, unknown>>[]) => [
  { type: 'asked' },
  vote('paul'),
  { type: 'approved', until: Number.MAX_SAFE_INTEGER, ...more[0] },
  { type: 'starting' },
  { type: 'started' },
  ...more.slice(1),
]

export function openSession(log: RecordLog, writer: Writer, session: string, who: string): void {
  log.write(writer, {
    type: 'session-opened',
    id: `session~${idOf(session)}~opened`,
    principal: person(who),
    session: sessionFacts(session),
  })
}

/** Counts what a session has so far. */
export function closeSession(log: RecordLog, writer: Writer, session: string): void {
  const id = idOf(session)
  const of = ({ entry }: Kept) => {
    const its = entry['session'] as string | { readonly id: string } | undefined
    return (typeof its === 'string' ? its : its?.id) === id
  }
  const members = [...log.sealed, ...log.waiting]
    .filter(of)
    .toSorted((a, b) => a.committed - b.committed || (a.id < b.id ? -1 : 1))
  const hashes = members.map(({ hash }) => leafHash(Buffer.from(hash, 'hex')))
  log.write(writer, {
    type: 'session-closed',
    id: `session~${id}~closed~0`,
    session: id,
    number: 0,
    from: 0,
    to: (log.time.now + 400) * 1000,
    count: members.length,
    root: encodeBase64(rootOf(extendRange(emptyRange, hashes))),
  })
}

/** A stamp that nothing comes of, and the entry that says so. */
export function writeGap(log: RecordLog, writer: Writer): void {
  const lost = writer.stamp({ id: `${idOf('lost')}~end`, hash: 'c'.repeat(64) })
  log.write(writer, {
    type: 'writer-gap',
    id: `writer~${writer.id}~gap~${lost.stamp.number}`,
    writer: writer.id,
    missed: [
      {
        number: lost.stamp.number,
        stamp: stampHash(stampMessage(lost.stamp)),
        reason: 'taken',
      },
    ],
  })
}

function closeWriter(log: RecordLog, writer: Writer): void {
  log.write(writer, { type: 'writer-closed', id: `writer~${writer.id}~closed`, writer: writer.id })
}

/** A morning: some 300 entries of three instances, with everything that a record can have. */
export async function recordStory(rounds = 6): Promise<RecordLog> {
  const log = await recordLog()
  const [one, two] = [await log.openWriter(), await log.openWriter()]
  for (let round = 0; round < rounds; round++) {
    const session = `session ${round}`
    const who = round % 2 === 0 ? 'ana' : 'ben'
    openSession(log, one, session, who)
    for (let n = 0; n < 6; n++)
      writeCall({
        log,
        writer: n % 2 === 0 ? one : two,
        writerOfEnd: n === 5 ? two : one,
        name: `${session} call ${n}`,
        who,
        session,
        pages: n % 3,
        outcome: n === 4 ? 'failed' : 'released',
      })
    log.seal({ without: round === 2 ? [`${idOf(`${session} call 3`)}~end`] : [] })
    const held = { log, writer: two, who, session }
    writeCall({ ...held, name: `${session} approved`, events: approvedEvents() })
    writeCall({
      ...held,
      name: `${session} denied`,
      events: [
        { type: 'asked' },
        vote('paul', 'deny'),
        { type: 'denied', by: voter('paul'), reason: 'no' },
      ],
      outcome: 'not-run',
    })
    if (round === 1) {
      const box = { box: { tables: [], statementType: 'SELECT', maximumBytes: 1 } }
      const used = { type: 'used', call: idOf(`${session} boxed`), bytes: 1 }
      writeCall({ ...held, name: `${session} box`, events: approvedEvents(box, used) })
      writeCall({ ...held, name: `${session} boxed`, events: [], grant: idOf(`${session} box`) })
    }
    if (round === 3)
      writeCall({
        ...held,
        name: `${session} broken`,
        events: [
          { type: 'asked' },
          { type: 'broke-glass', justification: 'a fire' },
          { type: 'reviewed', by: voter('paul'), finding: 'fine' },
        ],
      })
    log.write(
      one,
      {
        type: 'refusal',
        id: `${idOf(`${session} refused`)}~refusal`,
        call: idOf(`${session} refused`),
        problem: 'denied',
        principal: person(who),
        session: sessionFacts(session),
        unrecorded: 0,
      },
      { sql: 'DROP TABLE x', parameters: undefined, justification: undefined, detail: 'no' },
    )
    if (round % 2 === 1) writeGap(log, one)
    log.seal()
    log.time.now += Math.min(600_000, Math.floor(60_000_000 / rounds))
    closeSession(log, one, session)
  }
  closeWriter(log, one)
  log.seal()
  log.seal()
  return log
}

/** As little as has everything: a call with a page, one that needed approval, a refusal and a gap. */
export async function shortStory(): Promise<RecordLog> {
  const log = await recordLog()
  const writer = await log.openWriter()
  const of = { log, writer, who: 'ana', session: 'short' }
  openSession(log, writer, 'short', 'ana')
  writeCall({ ...of, name: 'short paged', pages: 1 })
  log.seal()
  writeCall({ ...of, name: 'short approved', events: approvedEvents() })
  writeGap(log, writer)
  log.seal()
  log.time.now += 600_000
  closeSession(log, writer, 'short')
  closeWriter(log, writer)
  log.seal()
  return log
}
