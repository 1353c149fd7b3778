import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { errorOf } from '../support/error-of.ts'
import { makeCall, methodCalls, startJob } from '../support/method-calls.ts'
import { JOBS, QUERIES, V2, type World, world } from '../support/world.ts'

let gateway: World
let before: number
beforeEach(async () => {
  gateway = await world()
  await startJob(gateway)
  before = gateway.store.stored().length
})
afterEach(() => gateway.close())

const TRICKS = [
  '$alt=media',
  '%24alt=json',
  'alt=media',
  'alt=proto',
  'alt=JSON',
  'alt=json&alt=media',
  '$.xgafv=1',
  '$httpMethod=DELETE',
  'x-http-method-override=DELETE',
  'access_token=ya29.other',
  'oauth_token=x',
  'callback=alert',
  'uploadType=multipart',
  'upload_protocol=raw',
  'userProject=lab',
  'quotaUser=a&quotaUser=b',
  'prettyPrint=perhaps',
  'fields=a(b',
  'fields=a)b(',
  'fields=,',
  'fields=rows&fields=schema',
  `fields=${'a/'.repeat(40)}b`,
  `fields=${'a('.repeat(40)}b${')'.repeat(40)}`,
  'foo=bar',
  'Fields=rows',
  '__proto__=1',
  'constructor=1',
  'hasOwnProperty=1',
  '=',
]

describe.each(methodCalls)('$method', (call) => {
  test('tricks in the URL are refused by their names', async () => {
    for (const trick of TRICKS) {
      const { code, reason, message } = await errorOf(
        await makeCall(gateway, { ...call, path: `${call.path}?${trick}` }),
      )
      expect({ trick, code, reason }).toEqual({ trick, code: 400, reason: 'invalid' })
      expect(message).not.toContain('ya29')
    }
    expect(gateway.upstream.requests).toEqual([])
    expect(gateway.bigQuery.jobs.size).toBe(1)
    expect(gateway.store.ofType('refusal')).toHaveLength(TRICKS.length)
    expect(gateway.store.stored()).toHaveLength(before + TRICKS.length)
    expect(JSON.stringify(gateway.store.stored())).not.toContain('ya29.other')
  })

  test('what Google’s own clients send is taken, and goes no further', async () => {
    const path = `${call.path}?alt=json&prettyPrint=false&quotaUser=q&key=AIza-of-a-client&fields=kind`
    expect((await makeCall(gateway, { ...call, path })).status).toBe(200)
    for (const request of gateway.upstream.requests) {
      expect(request.query.toString()).not.toMatch(/quotaUser|key=|fields|alt/)
      expect(request.query.get('prettyPrint')).toBe('false')
    }
    expect(JSON.stringify(gateway.store.stored())).not.toContain('AIza')
  })
})

test.each([
  [`${QUERIES}/job_1?maxResults=1&maxResults=1000`, '`maxResults` comes twice'],
  [`${QUERIES}/job_1?maxResults=-1`, '`maxResults` must be a whole number'],
  [`${QUERIES}/job_1?maxResults=1e3`, '`maxResults` must be a whole number'],
  [`${QUERIES}/job_1?maxResults=99999999999`, '`maxResults` must be a whole number'],
  [`${QUERIES}/job_1?timeoutMs=0x10`, '`timeoutMs` must be a whole number'],
  [`${QUERIES}/job_1?formatOptions.useInt64Timestamp=yes`, 'must be true or false'],
  [`${QUERIES}/job_1?formatOptions=x`, 'parameter `formatOptions`'],
  [`${JOBS}/job_1?maxResults=1`, 'parameter `maxResults`'],
  [`${V2}/projects/acme/datasets/hospital/tables/patients?view=FULL&view=BASIC`, 'comes twice'],
  [`${V2}/projects?projectId=lab`, 'parameter `projectId`'],
])('%s', async (path, words) => {
  const { code, message } = await errorOf(await gateway.request(path, { as: 'ana' }))
  expect(code).toBe(400)
  expect(message).toContain(words)
  expect(gateway.upstream.requests).toEqual([])
})
