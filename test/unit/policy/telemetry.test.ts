import { expect, test } from 'vitest'

import { SAMPLE, policyOf, problemsOf } from './sample-policy.ts'

test('traces have no SQL unless policy says so, and then without its literals', () => {
  expect(policyOf(SAMPLE).telemetry).toEqual({ queryText: undefined })
  expect(policyOf(`${SAMPLE}telemetry: { queryText: without-literals }\n`).telemetry).toEqual({
    queryText: 'without-literals',
  })
})

test.each(['whole', 'true', '[without-literals]'])('queryText: %s', (value) => {
  const [problem] = problemsOf(`${SAMPLE}telemetry: { queryText: ${value} }\n`)
  expect(problem).toMatch(/telemetry\.queryText: expected without-literals, or nothing$/)
})
