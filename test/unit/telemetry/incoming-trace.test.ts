import { describe, expect, test } from 'vitest'

import { incomingTrace } from '../../../functions/telemetry/incoming-trace.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'
const traceOf = (headers: Record<string, string>) => incomingTrace(new Headers(headers))

describe('a request goes on with the trace it names', () => {
  test.each([
    [{ traceparent: `00-${TRACE}-${SPAN}-01` }, 1],
    [{ traceparent: `00-${TRACE}-${SPAN}-00` }, 0],
    [{ traceparent: `00-${TRACE}-${SPAN}-03` }, 1],
    [{ traceparent: `cc-${TRACE}-${SPAN}-01-what-the-future-brings` }, 1],
    [{ 'x-cloud-trace-context': `${TRACE}/${BigInt(`0x${SPAN}`)};o=1` }, 1],
    [{ 'x-cloud-trace-context': `${TRACE}/${BigInt(`0x${SPAN}`)};o=0` }, 0],
    [{ 'x-cloud-trace-context': `${TRACE.toUpperCase()}/${BigInt(`0x${SPAN}`)}` }, 0],
    [{ traceparent: 'nonsense', 'x-cloud-trace-context': `${TRACE}/${BigInt(`0x${SPAN}`)}` }, 0],
  ])('%j', (headers, traceFlags) => {
    expect(traceOf(headers)).toEqual({ traceId: TRACE, spanId: SPAN, traceFlags, isRemote: true })
  })

  test("W3C's before Google's, and a short span id has zeros in front", () => {
    const other = '1'.repeat(32)
    const cloud = { 'x-cloud-trace-context': `${other}/1;o=1` }
    expect(traceOf({ ...cloud, traceparent: `00-${TRACE}-${SPAN}-01` })?.traceId).toBe(TRACE)
    expect(traceOf(cloud)).toMatchObject({ traceId: other, spanId: '0000000000000001' })
  })

  test('and nothing else that it says of traces', () => {
    const trace = traceOf({
      traceparent: `00-${TRACE}-${SPAN}-01`,
      tracestate: 'a=b',
      baggage: 'who=ana',
    })
    expect(trace).not.toHaveProperty('traceState')
  })
})

test.each([
  {},
  { traceparent: '' },
  { traceparent: `ff-${TRACE}-${SPAN}-01` },
  { traceparent: `00-${TRACE.toUpperCase()}-${SPAN}-01` },
  { traceparent: `00-${'0'.repeat(32)}-${SPAN}-01` },
  { traceparent: `00-${TRACE}-${'0'.repeat(16)}-01` },
  { traceparent: `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01` },
  { 'x-cloud-trace-context': TRACE },
  { 'x-cloud-trace-context': `${TRACE}/0;o=1` },
  { 'x-cloud-trace-context': `${TRACE}/${2n ** 64n};o=1` },
  { 'x-cloud-trace-context': `${TRACE}/1;o=2` },
])('%j names none', (headers) => {
  expect(incomingTrace(new Headers(Object.entries(headers)))).toBeUndefined()
})
