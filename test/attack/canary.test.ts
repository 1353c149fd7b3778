import { inspect } from 'node:util'

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { failureFields, log } from '../../functions/log.ts'
import { guarantee } from '../support/guarantee.ts'
import { makeCall, methodCalls, startJob } from '../support/method-calls.ts'
import * as faults from '../support/stub-faults.ts'
import { errorReply, jsonReply } from '../support/stub-replies.ts'
import type { Respond } from '../support/stub-upstream.ts'
import { CANARY, type World, world } from '../support/world.ts'

let output: string[]
beforeEach(() => {
  output = []
  const listen = (chunk: unknown) => {
    output.push(String(chunk))
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(listen)
  vi.spyOn(process.stderr, 'write').mockImplementation(listen)
})
afterEach(() => {
  vi.restoreAllMocks()
})

/** Throws back what it heard, credential and all. */
const echo =
  (status: number, wrap: (heard: string) => unknown): Respond =>
  (request, response) => {
    const heard = `${request.headers.authorization} ${request.rawHeaders.join(' ')}`
    return jsonReply(status, wrap(heard))(request, response)
  }
const inError = (heard: string) => ({
  error: { code: 400, message: heard, errors: [{ message: heard, reason: heard }], status: heard },
})

const upstreamFaults: readonly (readonly [string, Respond])[] = [
  ...[400, 401, 403, 404, 409, 429, 500, 503].map(
    (status) => [`echoes it in a ${status}`, echo(status, inError)] as const,
  ),
  ['echoes it in a member Sluice does not know', echo(200, (heard) => ({ debug: heard }))],
  ['says 401', errorReply(401, 'authError', 'Invalid Credentials', 'X')],
  ['resets', faults.resetBeforeHeaders],
  ['resets later', faults.resetAfterHeaders],
  ['does not speak HTTP', faults.notHttp],
  ['sends a web page', faults.htmlReply(200)],
  ['sends an error page', faults.htmlReply(502)],
  ['redirects', faults.redirect('http://127.0.0.1:9/')],
  ['hangs', faults.hang],
]

/** All that a careless logger could make of a value. */
const render = (value: unknown): string =>
  [
    inspect(value, { depth: 8, showHidden: true, maxStringLength: Infinity }),
    value instanceof Error ? `${value.message} ${value.stack} ${render(value.cause)}` : '',
    JSON.stringify(failureFields(value)),
  ].join('\n')

async function everythingSaid(gateway: World, init: Parameters<typeof makeCall>[2]) {
  const said = await Promise.all(
    methodCalls.map(async (call) => {
      const response = await makeCall(gateway, call, init)
      return `${JSON.stringify([...response.headers])} ${await response.text()}`
    }),
  )
  for (const cause of gateway.failures) log('ERROR', 'a request failed', failureFields(cause))
  said.push(...gateway.failures.map(render), ...output)
  said.push(...gateway.store.stored().map(({ bytes }) => bytes.toString()))
  return said.join('\n')
}

function expectAbsent(text: string, where: string): void {
  const bytes = Buffer.from(CANARY)
  for (const form of [CANARY, bytes.toString('base64'), bytes.toString('hex'), bytes.join(',')])
    expect({ where, found: text.includes(form) }).toEqual({ where, found: false })
}

guarantee('credential-unseen', async () => {
  for (const [where, fault] of upstreamFaults) {
    const gateway = await world({ upstreamTimeoutMs: 600, hold: { usualMs: 60 }, mayFail: true })
    await startJob(gateway)
    gateway.upstream.respond(fault)
    expectAbsent(await everythingSaid(gateway, { as: 'ana' }), `BigQuery ${where}`)
    expect(gateway.upstream.requests[0]?.headers.authorization).toBe(`Bearer ${CANARY}`)
    await gateway.close()
  }
})

test.each(['before', 'after'] as const)('not when the store fails %s it persists', async (when) => {
  for (const type of ['request', 'outcome', 'page', 'refusal'] as const) {
    const gateway = await world({ mayFail: true })
    await startJob(gateway)
    gateway.store.failNext(when, { type, times: Infinity })
    expectAbsent(await everythingSaid(gateway, { as: 'ana' }), type)
    expectAbsent(await everythingSaid(gateway, { as: 'eve' }), type)
    await gateway.close()
  }
})

test('not when nothing fails, and not by looking at what holds it', async () => {
  const gateway = await world()
  await startJob(gateway)
  expectAbsent(await everythingSaid(gateway, { as: 'ana' }), 'replies')
  expectAbsent(render(gateway.ports), 'the ports')
  expectAbsent(render(gateway.app), 'the app')
  await gateway.close()
})

test('a bug that throws the credential itself is logged without its words', async () => {
  const gateway = await world({
    mayFail: true,
    analyze: () => Promise.reject(new Error(`cannot use ${CANARY}`, { cause: { CANARY } })),
  })
  const response = await gateway.query('SELECT 1')
  for (const cause of gateway.failures) log('ERROR', 'a request failed', failureFields(cause))
  expect(gateway.failures).toHaveLength(1)
  expect(output.join('')).toContain('"error":"Error"')
  expectAbsent(output.join('') + (await response.text()), 'the log')
  await gateway.close()
})
