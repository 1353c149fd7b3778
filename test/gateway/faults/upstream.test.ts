import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { errorOf } from '../../support/error-of.ts'
import { guarantee } from '../../support/guarantee.ts'
import { JOB, makeCall, repeatableCalls, startJob } from '../../support/method-calls.ts'
import * as faults from '../../support/stub-faults.ts'
import { bytesReply, errorReply, jsonReply } from '../../support/stub-replies.ts'
import { type Respond, inTurn } from '../../support/stub-upstream.ts'
import { JOBS, QUERIES, SELECT, type World, world } from '../../support/world.ts'

let gateway: World
beforeEach(async () => {
  gateway = await world({ hold: { usualMs: 300 } })
})
afterEach(() => gateway.close())

const tryAgain = { code: 503, reason: 'backendError' }
const stopped = { code: 400, reason: 'stopped' }

/** What would go on for ever. Nothing else is to be over in a moment, on a busy machine. */
const isEndless = (what: string): boolean => /hangs|drips/.test(what)

const BOMB = faults.gzipBomb(40 * 1024 * 1024)

/** No answer, or none that makes sense: what ran is not known. */
const silences: readonly (readonly [string, Respond])[] = [
  ['resets before headers', faults.resetBeforeHeaders],
  ['resets after headers', faults.resetAfterHeaders],
  ['resets in the body', faults.resetMidBody],
  ['hangs', faults.hang],
  ['drips', faults.slowLoris(30)],
  ['does not speak HTTP', faults.notHttp],
  ['sends half a gzip stream', faults.truncatedGzip],
  ['sends a gzip bomb', BOMB],
  ['sends a web page', faults.htmlReply(200)],
  ['sends an error page', faults.htmlReply(502)],
  ['redirects', faults.redirect('http://127.0.0.1:9/')],
]

describe.each(silences)('BigQuery %s', (what, fault) => {
  beforeEach(() => {
    gateway.upstream.respond(fault)
    if (isEndless(what)) gateway.patience.ms = 100
  })

  test('a query without a name may have run: look before you repeat it', async () => {
    const { code, reason, message } = await errorOf(await gateway.query(SELECT))
    expect({ code, reason }).toEqual(stopped)
    expect(message).toContain('may have been carried out')
    expect(gateway.upstream.requests).toHaveLength(1)
    expect(gateway.store.ofType('outcome')).toMatchObject([
      { outcome: 'unanswered', detail: expect.not.stringContaining('has not heard') },
    ])
    expect(gateway.store.calls['jobs.claim']).toBe(0)
  })

  test('a query with a name can be sent again, and is then the same', async () => {
    const named = { with: { requestId: 'r' } }
    expect(await errorOf(await gateway.query(SELECT, named))).toMatchObject(tryAgain)
    gateway.upstream.respond(gateway.bigQuery.respond)
    gateway.patience.ms = 20_000
    expect((await gateway.query(SELECT, named)).status).toBe(200)
    const [first, second] = gateway.upstream.requests.map((request) => request.json())
    expect(second).toEqual(first)
    expect(gateway.store.ofType('request')).toHaveLength(1)
    // It has one end, and that says how it ended.
    expect(gateway.store.ofType('outcome')).toMatchObject([
      { outcome: 'released', delivery: { rows: 3 } },
    ])
    expect(gateway.store.ofType('page')).toEqual([])
  })
})

test.each(silences)(
  'a dry run that %s never ran anything, and can be repeated',
  async (what, fault) => {
    gateway.upstream.respond(fault)
    if (isEndless(what)) gateway.patience.ms = 100
    const response = await gateway.query(SELECT, { with: { dryRun: true } })
    expect(await errorOf(response)).toMatchObject(tryAgain)
  },
)

// Without an id of the client's, a repeat would be another job.
const named = repeatableCalls.map((call) =>
  call.method === 'jobs.insert'
    ? { ...call, body: { ...call.body, jobReference: { jobId: 'named' } } }
    : call,
)

test.each(named)('$method can be repeated when the connection breaks', async (call) => {
  await startJob(gateway)
  gateway.upstream.respond(faults.resetBeforeHeaders)
  const response = await makeCall(gateway, call)
  // Of no job of one's own, nothing needs to be asked … but here there is one.
  expect(await errorOf(response)).toMatchObject(tryAgain)
  expect(gateway.store.ofType('page')).toEqual([])
})

test('nobody listens: nothing was sent, and a query without a name can be repeated', async () => {
  await gateway.upstream.close()
  expect(await errorOf(await gateway.query(SELECT))).toMatchObject(tryAgain)
  expect(gateway.store.ofType('outcome')).toMatchObject([
    {
      outcome: 'unanswered',
      detail: 'upstream-unreachable: no connection; bigquery has not heard of it',
    },
  ])
})

describe('BigQuery says no in its own words', () => {
  test.each([
    [400, 'invalidQuery', 'Unrecognized name: nme; Did you mean name? at [1:8]'],
    [400, 'bytesBilledLimitExceeded', 'Query exceeded limit for bytes billed: 1073741824'],
    [403, 'accessDenied', 'Access Denied: Table acme:hospital.patients'],
    [403, 'rateLimitExceeded', 'Exceeded rate limits: too many api requests per user'],
    [403, 'quotaExceeded', 'Quota exceeded'],
    [404, 'notFound', 'Not found: Table acme:hospital.patients was not found in location US'],
    [429, 'rateLimitExceeded', 'Too many requests'],
    [500, 'internalError', 'An internal error occurred'],
    [503, 'backendError', 'Visibility check was unavailable'],
  ])('%i %s is passed on as it is, and recorded', async (status, reason, message) => {
    gateway.upstream.respond(errorReply(status, reason, message, 'STATUS'))
    expect(await errorOf(await gateway.query(SELECT))).toEqual({ code: status, reason, message })
    expect(gateway.upstream.requests).toHaveLength(1)
    expect(gateway.store.ofType('outcome')).toMatchObject([
      { outcome: 'failed', error: message, delivery: { status, errorReason: reason, rows: 0 } },
    ])
    expect(gateway.store.calls['jobs.claim']).toBe(0)
    expect(gateway.store.ofType('refusal')).toEqual([])
  })

  test.each([
    [403, 'accessDenied'],
    [404, 'notFound'],
    [429, 'rateLimitExceeded'],
    [503, 'backendError'],
  ])('%i of the front end, which gives no reason, gets the usual one', async (status, reason) => {
    const message = 'from the front end'
    gateway.upstream.respond(jsonReply(status, { error: { code: status, message } }))
    expect(await errorOf(await gateway.query(SELECT))).toMatchObject({ code: status, reason })
  })

  test('401: our credential is no good, which is not for the caller to mend', async () => {
    gateway.upstream.respond(errorReply(401, 'authError', 'Invalid Credentials', 'X'))
    const { code, reason, message } = await errorOf(await gateway.query(SELECT))
    expect({ code, reason }).toEqual({ code: 403, reason: 'accessDenied' })
    expect(message).toContain('BigQuery refuses the credential Sluice uses')
    expect(gateway.upstream.requests.length).toBeLessThanOrEqual(2)
    expect(gateway.store.ofType('outcome')).toMatchObject([
      { outcome: 'unanswered', detail: 'credential-refused; bigquery has not heard of it' },
    ])
  })
})

const reply = (text: string) => bytesReply(200, Buffer.from(text))

describe('a success that Sluice does not understand is not released', () => {
  test.each([
    ['an array', reply('[]')],
    ['half an object', reply('{"kind":"x"')],
    ['two objects', reply('{} {}')],
    ['a duplicate member', reply('{"rows":[],"rows":[{"f":[{"v":"secret"}]}]}')],
    ['a member in disguise', reply('{"\\u0072ows":[]}')],
    ['nothing', reply('')],
    ['text', reply('OK')],
  ])('%s', async (_what, respond) => {
    gateway.upstream.respond(respond)
    const { code, reason, message } = await errorOf(await gateway.query(SELECT))
    expect({ code, reason }).toEqual(stopped)
    expect(message).toContain('in a form Sluice does not know')
    expect(message).not.toContain('secret')
    expect(gateway.store.ofType('outcome')).toMatchObject([
      { outcome: 'unanswered', detail: 'reply-not-understood' },
    ])
  })
})

const unfinished = jsonReply(200, {
  kind: 'bigquery#queryResponse',
  jobReference: { projectId: 'acme', jobId: JOB, location: 'US' },
  jobComplete: false,
})
const finished = jsonReply(200, {
  jobReference: { projectId: 'acme', jobId: JOB, location: 'US' },
  jobComplete: true,
  totalRows: '0',
})

const outages: readonly (readonly [string, Respond])[] = [
  ...silences.filter(([what]) => /resets before|hangs|HTTP|error page/.test(what)),
  ['says 401', errorReply(401, 'authError', 'Invalid Credentials', 'X')],
  ['says 403 rateLimitExceeded', errorReply(403, 'rateLimitExceeded', 'Exceeded rate limits', 'X')],
  ['says 429', errorReply(429, 'rateLimitExceeded', 'Too many requests', 'X')],
  ['says 500', errorReply(500, 'internalError', 'Oops', 'X')],
  ['says 503', errorReply(503, 'backendError', 'Try again', 'X')],
]

/** All at once, each in a world of its own: these wait. */
async function ofEach(
  scripts: readonly (readonly [string, Respond])[],
  body: (gateway: World, fault: Respond, what: string) => Promise<void>,
): Promise<void> {
  await Promise.all(
    scripts.map(async ([what, fault]) => {
      const own = await world({
        ...(isEndless(what) && { upstreamTimeoutMs: 2_000 }),
        hold: { usualMs: 1_500 },
      })
      try {
        await body(own, fault, what)
      } finally {
        await own.close()
      }
    }),
  )
}

test('an outage while the job runs: the wait goes on', async () => {
  await ofEach(outages, async (own, fault) => {
    own.upstream.respond(inTurn(unfinished, fault, finished))
    const response = await own.query(SELECT, { with: { timeoutMs: 5_000 } })
    expect(await response.json()).toMatchObject({ jobComplete: true })
    expect(own.store.ofType('outcome')).toMatchObject([{ outcome: 'released' }])
  })
})

test('one that lasts: the caller gets the job, which is theirs, and asks again', async () => {
  await ofEach(outages, async (own, fault) => {
    own.upstream.respond(inTurn(unfinished, fault))
    const response = await own.query(SELECT)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      jobComplete: false,
      jobReference: { jobId: JOB },
    })
    expect(await own.store.jobs.find('acme', JOB)).toBeDefined()
    expect(own.store.ofType('outcome')).toEqual([])
  })
})

describe('while the job runs, BigQuery says that it cannot be had', () => {
  test.each([
    [400, 'invalidQuery', 'Division by zero'],
    [403, 'accessDenied', 'Access Denied: Job acme:US.job_1'],
    [404, 'notFound', 'Not found: Job acme:job_1'],
  ])('%i %s ends the call', async (status, reason, message) => {
    gateway.upstream.respond(inTurn(unfinished, errorReply(status, reason, message, 'X')))
    expect(await errorOf(await gateway.query(SELECT))).toEqual({ code: status, reason, message })
    expect(gateway.store.ofType('outcome')).toMatchObject([{ outcome: 'failed' }])
  })
})

guarantee('no-retryable-after-run', async () => {
  const retryable = /^(backendError|internalError|rateLimitExceeded|badGateway)$/
  const scripts: readonly (readonly [string, Respond])[] = [
    // Sent, and never known what became of it …
    ...silences,
    // … or known to run, and then nothing more.
    ...[...silences, ...outages].map(
      ([what, fault]) => [`then ${what}`, inTurn(unfinished, fault)] as const,
    ),
  ]
  await ofEach(scripts, async (own, script, what) => {
    own.upstream.respond(script)
    const response = await own.query(SELECT)
    if (what.startsWith('then ') && response.status === 200) {
      expect(await response.json()).toMatchObject({ jobComplete: false })
      return
    }
    const { code, reason, message } = await errorOf(response)
    expect(code, `${what}: ${message}`).toBe(400)
    expect(reason).not.toMatch(retryable)
    expect(message).not.toMatch(/exceed.*rate.*limit/i)
  })
})

test('an outage while somebody asks for their job ends nothing', async () => {
  await startJob(gateway)
  const before = gateway.store.stored().length
  for (const [what, fault] of outages) {
    gateway.upstream.respond(fault)
    gateway.patience.ms = isEndless(what) ? 100 : 20_000
    for (const path of [`${JOBS}/${JOB}`, `${QUERIES}/${JOB}?timeoutMs=0`]) {
      const { code } = await errorOf(await gateway.request(path, { as: 'ana' }))
      expect(code).not.toBe(404)
    }
  }
  expect(gateway.store.stored().filter(({ entry }) => entry.type === 'outcome')).toHaveLength(1)
  expect(gateway.store.stored()).toHaveLength(before)
})
