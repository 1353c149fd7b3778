import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { log } from '../../../functions/log.ts'
import { observed } from '../../../functions/telemetry/observed.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'

let said: string[]
beforeEach(() => {
  said = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.push(String(text))
    return true
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

const logged = (): unknown[] => said.map((line) => JSON.parse(line))
const request = (headers: Record<string, string>): Request =>
  new Request('http://function/readyz', { headers })

/** Writes a line after it has waited, as most do. */
const serving = (env: NodeJS.ProcessEnv, message = 'something') =>
  observed(async () => {
    await Promise.resolve()
    log('WARNING', message)
    return new Response()
  }, env)

test('a line belongs to the trace of its request, also where nobody collects traces', async () => {
  const traced = request({ traceparent: `00-${TRACE}-${SPAN}-01` })
  await serving({ GOOGLE_CLOUD_PROJECT: 'acme' })(traced)
  expect(logged()).toEqual([
    {
      severity: 'WARNING',
      message: 'something',
      'logging.googleapis.com/trace': `projects/acme/traces/${TRACE}`,
      'logging.googleapis.com/spanId': SPAN,
      'logging.googleapis.com/trace_sampled': true,
    },
  ])
})

test.each([
  [{ SLUICE_STORE: 'firestore:acme-store/a/b' }, 'projects/acme-store/traces/'],
  [
    { SLUICE_STORE: 'sqlite:x', SLUICE_PUBSUB_PROJECT: 'acme-topics' },
    'projects/acme-topics/traces/',
  ],
  [{ SLUICE_STORE: 'sqlite:x' }, ''],
])('%j says where the trace is', async (env, where) => {
  await serving(env)(request({ traceparent: `00-${TRACE}-${SPAN}-00` }))
  expect(logged()[0]).toMatchObject({
    'logging.googleapis.com/trace': `${where}${TRACE}`,
    'logging.googleapis.com/trace_sampled': false,
  })
})

test('requests at once keep their traces apart, and a line of none has none', async () => {
  const other = '1'.repeat(32)
  const served = serving({})
  await Promise.all([
    served(request({ traceparent: `00-${TRACE}-${SPAN}-01` })),
    served(request({ traceparent: `00-${other}-${SPAN}-01` })),
    served(request({})),
  ])
  log('INFO', 'outside')
  expect(said.map((line) => JSON.parse(line)['logging.googleapis.com/trace'])).toEqual([
    TRACE,
    other,
    undefined,
    undefined,
  ])
})

test('what fails, fails as it did', async () => {
  const broken = observed(() => Promise.reject(new TypeError('no')), {})
  await expect(broken(request({}))).rejects.toThrow(TypeError)
})

test('debugging is for who asked for it', () => {
  vi.stubEnv('SLUICE_LOG_LEVEL', 'info')
  log('DEBUG', 'a stage')
  expect(said).toEqual([])
  vi.stubEnv('SLUICE_LOG_LEVEL', 'debug')
  log('DEBUG', 'a stage')
  expect(logged()).toEqual([{ severity: 'DEBUG', message: 'a stage' }])
})
