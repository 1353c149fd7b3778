import { expect, test } from 'vitest'

import { holdMs, usualHold } from '../../../shared/gateway/long-poll.ts'

const limits = { usualMs: 45_000, javaMs: 15_000, longestMs: 900_000 }
const NODE = 'gl-node/20.20.2 gccl/9.3.0'
const JAVA = 'gl-java/17.0.2 gccl/2.40.1 gax/2.49'
const RESULTS = 'jobs.getQueryResults'

test.each([
  ['jobs.query', {}, 45_000],
  [RESULTS, {}, 45_000],
  // What the client says counts, up to what the platform holds out.
  [RESULTS, { timeoutMs: 0 }, 0],
  [RESULTS, { timeoutMs: 2_000 }, 2_000],
  ['jobs.query', { timeoutMs: 60_000 }, 60_000],
  ['jobs.query', { timeoutMs: 10_000_000 }, 900_000],
  [RESULTS, { timeoutMs: 0, maxResults: 5, apiClient: NODE }, 0],
  // Java gives up after 20 s.
  ['jobs.query', { apiClient: JAVA }, 15_000],
  [RESULTS, { apiClient: JAVA, maxResults: 5 }, 15_000],
  [RESULTS, { userAgent: 'Google-Cloud-Java/2.1 (gzip)' }, 15_000],
  // Node takes an early answer to this one for "no rows".
  [RESULTS, { apiClient: NODE, maxResults: 5 }, 900_000],
  [RESULTS, { apiClient: NODE, maxResults: 0 }, 45_000],
  [RESULTS, { apiClient: NODE }, 45_000],
  ['jobs.query', { apiClient: NODE, maxResults: 5 }, 45_000],
  [RESULTS, { apiClient: 'gl-go/1.27.1 gccl/1.77.0', maxResults: 5 }, 45_000],
  [RESULTS, { apiClient: 'xgl-node/1', maxResults: 5 }, 45_000],
  [RESULTS, { userAgent: NODE, maxResults: 5 }, 45_000],
] as const)('%s %j is held %i ms', (method, said, ms) => {
  const nothing = {
    timeoutMs: undefined,
    maxResults: undefined,
    apiClient: undefined,
    userAgent: undefined,
  }
  expect(holdMs({ method, ...nothing, ...said }, limits)).toBe(ms)
})

test('the usual hold is below the 60 s at which Node 7 and MCP hosts give up', () => {
  expect(usualHold.usualMs).toBeLessThan(60_000)
  expect(usualHold.javaMs).toBeLessThan(20_000)
})
