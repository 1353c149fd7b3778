import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
/** How the clients that cannot run here wait for people: the requests they send, in their order and at their pace. */
import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

import { parseGrantId } from '../../../shared/approval/grant-id.ts'
import type { Grant } from '../../../shared/approval/grant.ts'
import { APPROVAL_POLICY, approvals } from '../../support/approval-world.ts'
import { type Reply, type Send, clientLike, recordedHeaders } from '../../support/client-like.ts'
import { type LabWorld, labWorld } from '../../support/lab-world.ts'

const P = '/bigquery/v2/projects/acme'
/** In place of 45 s, and of the 15 s for Java. */
const HOLD = { usualMs: 1_000, javaMs: 500 }
/** People take longer than two of them. */
const DECIDED_AFTER_MS = 2_500

let lab: LabWorld
let here: ReturnType<typeof approvals>
let token: string
beforeAll(async () => {
  const data = join(import.meta.dirname, '../../../infra/local/data')
  lab = await labWorld(HOLD, { data, policy: APPROVAL_POLICY })
  here = approvals(lab.gateway)
  token = await lab.gateway.token('ana')
})
afterAll(() => lab?.close())

/** Sends until there are rows or an error, and resolves with that. */
type Wait = (send: Send, sql: string) => Promise<Reply>

const insert = (send: Send, query: string, jobId: string, more: object = {}): Promise<Reply> =>
  send(`POST ${P}/jobs?prettyPrint=false`, {
    jobReference: { jobId, projectId: 'acme', location: 'US' },
    configuration: { query: { useLegacySql: false, query }, ...more },
  })
const query = (send: Send, sql: string, requestId: string): Promise<Reply> =>
  send(`POST ${P}/queries?prettyPrint=false`, {
    query: sql,
    useLegacySql: false,
    formatOptions: { useInt64Timestamp: true },
    location: 'US',
    requestId,
  })
const idOf = ({ body }: Reply): string => body.jobReference.jobId

/** `R` and `G` by turns, without a pause. */
const asPython = async (send: Send, id: string): Promise<Reply> => {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const wait = await send(`GET ${P}/queries/${id}?maxResults=0&location=US&prettyPrint=false`)
    if (wait.status !== 200) return wait
    const rows = `fields=jobReference%2CtotalRows%2CpageToken%2Crows&location=US&formatOptions.useInt64Timestamp=True`
    if (wait.body.jobComplete) return send(`GET ${P}/queries/${id}?${rows}`)
    // oxlint-disable-next-line no-await-in-loop
    await send(`GET ${P}/jobs/${id}?projection=full&location=US&prettyPrint=false`)
  }
}

const result: Wait = async (send, sql) =>
  asPython(send, idOf(await insert(send, sql, randomUUID())))

const queryAndWait: Wait = async (send, sql) => {
  const first = await query(send, sql, randomUUID())
  if (first.status !== 200 || first.body.jobComplete) return first
  await send(`GET ${P}/jobs/${idOf(first)}?projection=full&location=US&prettyPrint=false`)
  return asPython(send, idOf(first))
}

/** Then it wants to know the table that the rows are in. */
const dbt: Wait = async (send, sql) => {
  const more = { labels: { dbt_invocation_id: 'x' }, jobTimeoutMs: '86400000' }
  const job = await insert(send, sql, randomUUID(), more)
  // It waits a minute for this one, and no longer.
  expect(job.body.status.state).toBe('PENDING')
  const rows = await asPython(send, idOf(job))
  if (rows.status !== 200) return rows
  const look = await send(`GET ${P}/jobs/${idOf(job)}?projection=full&location=US`)
  const table = await send(`GET ${tableOf(look)}?prettyPrint=false`)
  expect(table).toMatchObject({ status: 200, body: { schema: { fields: [{}, {}] } } })
  return rows
}

/** A tenth of its pauses: 1 s, 2 s, … */
const asJava = async (send: Send, id: string): Promise<Reply> => {
  for (let pauseMs = 100; ; pauseMs *= 2) {
    const path = `GET ${P}/queries/${id}?location=US&maxResults=0&prettyPrint=false`
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const wait = await send(path)
    if (wait.status !== 200) return wait
    if (wait.body.jobComplete) break
    // oxlint-disable-next-line no-await-in-loop
    await sleep(pauseMs)
  }
  const look = await send(`GET ${P}/jobs/${id}?location=US&prettyPrint=false`)
  return send(`GET ${tableOf(look)}/data?prettyPrint=false`)
}

const java: Wait = async (send, sql) => {
  const first = await query(send, sql, randomUUID())
  if (first.status !== 200 || first.body.jobComplete) return first
  await send(`GET ${P}/jobs/${idOf(first)}?location=US&prettyPrint=false`)
  return asJava(send, idOf(first))
}

/** A tenth of its pauses. */
const asGo = async (send: Send, id: string): Promise<Reply> => {
  const path = `GET ${P}/queries/${id}?alt=json&prettyPrint=false&formatOptions.useInt64Timestamp=true&location=US`
  for (let pauseMs = 100; ; pauseMs *= 2) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const wait = await send(`${path}&maxResults=0`)
    if (wait.status !== 200) return wait
    if (wait.body.jobComplete)
      return send(`${path}&fields=rows%2CpageToken%2CtotalRows&startIndex=0`)
    // oxlint-disable-next-line no-await-in-loop
    await sleep(pauseMs)
  }
}

const goRun: Wait = async (send, sql) => asGo(send, idOf(await insert(send, sql, randomUUID())))

const goRead: Wait = async (send, sql) => {
  const first = await query(send, sql, randomUUID())
  return first.status !== 200 || first.body.jobComplete ? first : asGo(send, idOf(first))
}

function tableOf({ body }: Reply): string {
  const { datasetId, tableId } = body.configuration.query.destinationTable
  return `${P}/datasets/${datasetId}/tables/${tableId}`
}

describe.concurrent.each<[string, Wait, keyof typeof recordedHeaders, number]>([
  ['Python query().result()', result, 'python', 2],
  ['Python query_and_wait()', queryAndWait, 'python', 2],
  ['dbt', dbt, 'dbt', 2],
  ['Java query()', java, 'java', 1],
  ['Go Query.Run() and Job.Wait()', goRun, 'go', 1],
  ['Go Query.Read()', goRead, 'go', 1],
])('%s', (name, wait, headers, perRound) => {
  const counted = () => {
    const send = clientLike(lab.url, token, recordedHeaders[headers], { gzip: headers === 'java' })
    const start = Date.now()
    const sent: string[] = []
    const count: Send = (line, ...more) => {
      sent.push(line)
      return send(line, ...more)
    }
    /** A round for each answer that says to wait on; the first and the last ask for other things too. */
    const expectFew = () => {
      const held = headers === 'java' ? HOLD.javaMs : HOLD.usualMs
      const rounds = (Date.now() - start) / held + 1
      expect(sent.length, sent.join('\n')).toBeLessThanOrEqual(perRound * rounds + 4)
    }
    return { send: count, expectFew }
  }

  test('waits, and has the masked rows', async () => {
    const { send, expectFew } = counted()
    const rows = wait(send, sqlOf(`approved ${name}`))
    const grant = await vi.waitFor(() => only(`approved ${name}`), 10_000)
    await sleep(DECIDED_AFTER_MS)
    expect(here.story(grant.call)).toEqual(['request', 'approval:asked'])
    await here.vote(grant, 'petra')
    expect(await rows).toMatchObject({ status: 200, body: { totalRows: '2' } })
    const ssn = { v: expect.stringMatching(/^X+\d{4}$/) }
    expect((await rows).body.rows).toMatchObject([{ f: [{}, ssn] }, { f: [{}, ssn] }])
    expectFew()
    await only(`approved ${name}`)
  })

  test('shows who denied it, and why', async () => {
    const { send, expectFew } = counted()
    const rows = wait(send, sqlOf(`denied ${name}`))
    const grant = await vi.waitFor(() => only(`denied ${name}`), 10_000)
    await sleep(DECIDED_AFTER_MS)
    await here.vote(grant, 'petra', 'deny', { reason: 'ask for totals instead' })
    const { status, body } = await rows
    expect(status).toBe(403)
    expect(body.error.errors).toMatchObject([{ reason: 'accessDenied' }])
    expect(body.error.message).toContain('petra@acme.example denied this query: “ask for totals')
    // Java and Python send again what reads like this.
    expect(body.error.message).not.toMatch(/exceed.*rate.*limit/i)
    expectFew()
    const look = await send(`GET ${P}/jobs/${jobOf(grant)}?location=US`)
    expect(look).toMatchObject({
      status: 200,
      body: { status: { state: 'DONE', errorResult: { reason: 'accessDenied' } } },
    })
    await only(`denied ${name}`)
  })
})

test('a request that comes again while it waits is the same request', async () => {
  const send = clientLike(lab.url, token, recordedHeaders.python)
  const named = () => query(send, sqlOf('again query'), 'the-same-request')
  const queries = await Promise.all([named(), named(), named()])
  expect(new Set(queries.map(idOf)).size).toBe(1)
  await only('again query')

  const inserted = () => insert(send, sqlOf('again job'), 'the-same-job')
  const first = await inserted()
  expect(first).toMatchObject({ status: 200, body: { status: { state: 'PENDING' } } })
  const second = await inserted()
  // Told so, clients attach to the job.
  if (second.status === 409)
    expect(second.body.error.errors).toMatchObject([{ reason: 'duplicate' }])
  else expect(idOf(second)).toBe('the-same-job')
  await only('again job')
})

/** A query whose answer is masked, that nobody asked before. */
function sqlOf(name: string): string {
  return `SELECT c.id, p.ssn FROM acme.hospital.claims AS c JOIN acme.hospital.patients AS p ON p.id = c.patient_id WHERE '${name}' != '' ORDER BY c.id LIMIT 2`
}

/** The one request with this name that people were asked about. */
async function only(name: string): Promise<Grant> {
  const requests = lab.gateway.store
    .ofType('request')
    .filter(({ sql }) => sql?.includes(`'${name}'`))
  expect(requests.map(({ call }) => call)).toHaveLength(1)
  const id = parseGrantId(requests[0]?.call ?? '')
  const grant = id && (await lab.gateway.state.grants.find(id))
  if (grant === undefined) throw new Error(`nothing waits: ${name}`)
  return grant
}

const jobOf = ({ job }: Grant): string => job.jobId
