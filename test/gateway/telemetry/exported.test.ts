import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { guarantee } from '../../support/guarantee.ts'
import {
  type ObservedGateway,
  PARENT,
  SECRETS,
  TRACE,
  observedGateway,
} from '../../support/observed-gateway.ts'
import type { ExportedSpan } from '../../support/otlp-collector.ts'

let gateway: ObservedGateway
beforeAll(async () => {
  gateway = await observedGateway()
}, 120_000)
afterAll(() => gateway.close())

test('it is asked what it was meant to be asked', () => {
  const { answers, others, ended, output } = gateway
  expect(ended, output).toBe(0)
  expect(answers.masked).toEqual({ status: 200, text: expect.stringContaining('XXXXX') })
  const { denied, held, unreadable, failing } = answers
  expect([denied, unreadable, failing].map(({ status }) => status)).toEqual([403, 400, 400])
  expect(held).toEqual({ status: 200, text: expect.stringContaining('"jobComplete":false') })
  expect(others).toEqual([401, 404, 404])
})

test('a collector that takes everything and answers nothing holds nobody up', () => {
  expect(gateway.whileHeld).toEqual({ held: expect.any(Number), statuses: [200, 200] })
  expect(gateway.whileHeld.held).toBeGreaterThan(0)
})

const named = (name: string): ExportedSpan | undefined =>
  gateway.collector.spans.find((span) => span.name === name)

/** A span and those it is in, from the inside. */
function above(span: ExportedSpan | undefined): readonly ExportedSpan[] {
  const parent = gateway.collector.spans.find(({ spanId }) => spanId === span?.parentSpanId)
  return span === undefined ? [] : [span, ...above(parent)]
}

/** The server span of the masked query, and all that is in it. */
function trace(): { readonly server: ExportedSpan; readonly all: readonly ExportedSpan[] } {
  const server = above(named('jobs.query patients')).at(-1)
  if (server === undefined) throw new Error('no trace')
  return { server, all: gateway.collector.spans.filter((span) => above(span).includes(server)) }
}

describe('a trace', () => {
  test('goes on with that of the caller, and is one', () => {
    const { server, all } = trace()
    expect(server).toMatchObject({
      traceId: TRACE,
      parentSpanId: PARENT,
      name: 'POST /bigquery/v2/projects/{projectId}/queries',
      kind: 2,
      status: { code: 0 },
    })
    expect(new Set(all.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]))
  })

  test('has the stages of a call, one within another', () => {
    const { server, all } = trace()
    expect(Object.fromEntries(all.map((span) => [span.name, above(span)[1]?.name]))).toEqual({
      [server.name]: undefined,
      authenticate: server.name,
      decide: server.name,
      analyze: 'decide',
      'analyze columns': 'decide',
      'tables.get 127.0.0.1': 'analyze columns',
      'dry run': 'decide',
      'jobs.insert 127.0.0.1': 'dry run',
      'record request': server.name,
      'jobs.query patients': server.name,
      mask: server.name,
      'record outcome': server.name,
    })
  })

  test('describes the call to BigQuery as the conventions for databases have it', () => {
    expect(named('jobs.query patients')).toMatchObject({
      kind: 3,
      attributes: {
        'db.system.name': 'gcp.bigquery',
        'db.operation.name': 'jobs.query',
        'db.namespace': 'acme|hospital',
        'db.collection.name': 'patients',
        'db.query.text':
          'SELECT\n  ssn,\n  name\nFROM\n  acme.hospital.patients\nWHERE\n  id = ? AND name != ?',
        'server.address': '127.0.0.1',
        'server.port': gateway.bigQueryPort,
      },
    })
  })

  test('says what policy said, and how much was masked', () => {
    const { all } = trace()
    expect(all.find(({ name }) => name === 'decide')?.attributes).toEqual({
      'sluice.decision': 'permit',
      'sluice.rules': ['analysts-read'],
      'sluice.policy.digest': expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(all.find(({ name }) => name === 'mask')?.attributes).toEqual({
      'sluice.masked_columns': 1,
    })
    const denied = gateway.collector.spans.find(
      ({ attributes }) => attributes['sluice.decision'] === 'deny',
    )
    expect(denied?.attributes['sluice.deny.reason']).toBe('no-matching-rule')
    // To say no is no error.
    expect(denied?.status).toEqual({ code: 0 })
  })

  test('of a query that is held has the question, and nothing of BigQuery', () => {
    const asked = named('ask for approval')
    const server = above(asked).at(-1)
    const all = gateway.collector.spans.filter((span) => server && above(span).includes(server))
    expect(asked?.attributes).toEqual({ 'sluice.call': expect.stringMatching(/^[a-z2-7]{26}$/) })
    expect(all.map(({ name }) => name)).not.toContain('record request')
    expect(all.find(({ name }) => name === 'decide')?.attributes).toMatchObject({
      'sluice.decision': 'require-approval',
      'sluice.rules': ['analysts-read', 'claims-are-held'],
    })
  })

  test('has no other attribute than these, no event and no state of the caller', () => {
    const { spans } = gateway.collector
    const names = new Set(spans.flatMap(({ attributes }) => Object.keys(attributes)))
    expect(names).toEqual(
      new Set([
        'db.collection.name',
        'db.namespace',
        'db.operation.name',
        'db.query.text',
        'db.response.status_code',
        'db.system.name',
        'error.type',
        'http.request.method',
        'http.response.status_code',
        'http.route',
        'server.address',
        'server.port',
        'sluice.call',
        'sluice.decision',
        'sluice.deny.reason',
        'sluice.masked_columns',
        'sluice.policy.digest',
        'sluice.rules',
        'url.scheme',
      ]),
    )
    for (const span of spans) {
      expect(span.events).toEqual([])
      expect(span.status.message).toBeUndefined()
      expect(span).not.toHaveProperty('traceState')
    }
  })

  test('names a failure by its kind alone', () => {
    const types = gateway.collector.spans.flatMap(
      ({ attributes }) => attributes['error.type'] ?? [],
    )
    expect(new Set(types)).toEqual(new Set(['400', 'syntax-error', 'token-malformed']))
  })
})

test('what a collector refuses is in the log, without its words and outside of any trace', () => {
  const lines = gateway.output.split('\n').filter((line) => line.includes('could not be sent'))
  expect(lines.map((line) => JSON.parse(line))).toContainEqual({
    severity: 'WARNING',
    message: 'telemetry could not be sent',
    problem: 'OTLPExporterError',
    unsaid: 0,
  })
})

guarantee('traces-say-nothing', async () => {
  const exported = gateway.collector.bodies.join('\n')
  expect(exported.length).toBeGreaterThan(10_000)
  for (const secret of SECRETS) {
    expect(exported.includes(secret), secret).toBe(false)
    expect(gateway.output.includes(secret), secret).toBe(false)
  }
})

test('what is measured has labels that no caller can fill', () => {
  const points = [...gateway.collector.points.values()]
  expect(new Set(points.map(({ metric, unit }) => `${metric} ${unit}`))).toEqual(
    new Set([
      'db.client.operation.duration s',
      'http.server.request.duration s',
      'sluice.calls.answered {call}',
      'sluice.columns.masked {column}',
      'sluice.entries.recorded {entry}',
      'sluice.queries.held {query}',
    ]),
  )
  const labels = Map.groupBy(
    points.flatMap(({ attributes }) => Object.entries(attributes)),
    ([name]) => name,
  )
  const values = [...labels].map(([name, pairs]) => [
    name,
    new Set(pairs.map(([, value]) => value)),
  ])
  expect(Object.fromEntries(values)).toEqual({
    'db.operation.name': new Set(['jobs.insert', 'jobs.query', 'tables.get']),
    'db.response.status_code': new Set(['400']),
    'db.system.name': new Set(['gcp.bigquery']),
    'error.type': new Set(['400']),
    'http.request.method': new Set(['GET', 'POST', '_OTHER']),
    'http.response.status_code': expect.any(Set),
    'http.route': new Set([
      '/bigquery/v2/projects/{projectId}/datasets/{datasetId}',
      '/bigquery/v2/projects/{projectId}/jobs/{jobId}',
      '/bigquery/v2/projects/{projectId}/queries',
      '/readyz',
    ]),
    'server.address': new Set(['127.0.0.1']),
    'server.port': new Set([gateway.bigQueryPort]),
    'sluice.decision': new Set(['deny', 'none', 'permit', 'require-approval']),
    'sluice.entry.type': expect.any(Set),
    'sluice.operation': new Set(['datasets.get', 'jobs.get', 'jobs.query', 'none']),
    'url.scheme': new Set(['http']),
  })
  const answered = (decision: string): number =>
    points
      .filter(({ metric }) => metric === 'sluice.calls.answered')
      .filter(({ attributes }) => attributes['sluice.decision'] === decision)
      .reduce((sum, { count }) => sum + count, 0)
  expect(['permit', 'deny', 'require-approval', 'none'].map(answered)).toEqual([5, 1, 1, 4])
})

test('who sends it is this instance, and no access token goes along', () => {
  expect(gateway.collector.resources[0]).toMatchObject({
    'service.name': 'sluice-gateway',
    'service.namespace': 'sluice',
    'gcp.project_id': 'acme-sluice',
    'service.instance.id': expect.any(String),
  })
  for (const { headers } of gateway.collector.requests)
    expect(headers['authorization']).toBeUndefined()
})

const answered = (): readonly Record<string, unknown>[] =>
  gateway.output
    .split('\n')
    .filter((line) => line.includes('"call answered"'))
    .map((line) => JSON.parse(line))

test('every call has one line, with its trace and with the span that answered it', () => {
  const { spanId } = trace().server
  const lines = answered().filter((line) => line['logging.googleapis.com/spanId'] === spanId)
  expect(lines).toEqual([
    {
      severity: 'INFO',
      message: 'call answered',
      operation: 'jobs.query',
      decision: 'permit',
      status: 200,
      milliseconds: expect.any(Number),
      entry: expect.stringMatching(/^[a-z2-7]{26}~end$/),
      'logging.googleapis.com/trace': `projects/acme-sluice/traces/${TRACE}`,
      'logging.googleapis.com/spanId': spanId,
      'logging.googleapis.com/trace_sampled': true,
    },
  ])
})

test('and a refusal says why', () => {
  const refused = answered().filter(({ problem }) => problem !== undefined)
  expect(refused.map(({ entry }) => String(entry).replace(/^\w{26}/, '*'))).toEqual(
    refused.map(() => '*~refusal'),
  )
  expect(
    refused.map(({ operation, decision, problem, status }) => [
      operation,
      decision,
      problem,
      status,
    ]),
  ).toEqual([
    ['jobs.query', 'deny', 'denied', 403],
    ['jobs.query', 'none', 'syntax-error', 400],
    ['datasets.get', 'none', 'token-malformed', 401],
    ['jobs.get', 'none', 'not-found', 404],
    ['none', 'none', 'unknown-method', 404],
  ])
})

test('somebody who debugs has a line for every stage as well', () => {
  const stages = gateway.output
    .split('\n')
    .filter((line) => line.startsWith('{"severity":"DEBUG"'))
    .map((line) => JSON.parse(line))
  const seen = new Set(stages.map(({ message }) => message))
  for (const stage of ['decide', 'mask', 'record outcome']) expect(seen).toContain(stage)
  expect(stages.find(({ message }) => message === 'mask')).toMatchObject({
    milliseconds: expect.any(Number),
    'sluice.masked_columns': '0',
  })
})
