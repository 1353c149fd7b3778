import { describe, expect, test } from 'vitest'

import { governedError } from '../../../shared/gateway/governed-error.ts'
import { governedJob, governedRows, inBlocks } from '../../../shared/gateway/governed-reply.ts'
import { maskedHeader } from '../../../shared/gateway/masked-header.ts'
import { scanReply } from '../../../shared/masking/reply-scanner.ts'

const SECRET = 'Bad int64 value: 941-22-1655'

describe('an error of a governed call', () => {
  const told = [
    [400, 'invalidQuery'],
    [400, 'invalid'],
    [400, 'resourcesExceeded'],
    [403, 'responseTooLarge'],
    [400, 'bytesBilledLimitExceeded'],
    [400, 'somethingNew'],
    [412, 'conditionNotMet'],
  ] as const

  test('is one and the same, whatever a value caused', () => {
    const said = told.map(([status, reason]) =>
      JSON.stringify(governedError(status, reason, SECRET)),
    )
    expect(new Set(said).size).toBe(1)
    expect(said[0]).not.toContain('941')
    expect(governedError(400, 'invalidQuery', '')).toMatchObject({
      status: 400,
      reason: 'invalidQuery',
    })
  })

  test.each([
    [503, 'backendError'],
    [500, 'internalError'],
    [429, 'rateLimitExceeded'],
    [403, 'quotaExceeded'],
    [403, 'rateLimitExceeded'],
    [200, 'backendError'],
    [502, 'invalid'],
  ])('%i %s stays what clients try again on, in other words', (status, reason) => {
    const error = governedError(status, reason, SECRET)
    expect(error).toMatchObject({ status, reason })
    expect(error.message).not.toContain('941')
  })

  test.each([
    [404, 'notFound'],
    [403, 'accessDenied'],
    [409, 'duplicate'],
  ])('%i %s follows from names alone and stays', (status, reason) => {
    expect(governedError(status, reason, 'Not found: Table t')).toEqual({
      status,
      reason,
      message: 'Not found: Table t',
    })
  })

  test('of a job that was stopped says that it was, and not why', () => {
    expect(governedError(400, 'stopped', SECRET)).toEqual({
      status: 400,
      reason: 'stopped',
      message: 'the job was stopped',
    })
  })
})

test('a governed job says nothing that depends on masked values', () => {
  const job = governedJob({
    kind: 'bigquery#job',
    jobReference: { jobId: 'j' },
    configuration: { query: { query: 'SELECT 1' } },
    statistics: {
      creationTime: '1',
      totalSlotMs: '7',
      totalBytesProcessed: '10485761',
      quotaDeferments: ['x'],
      query: {
        statementType: 'SELECT',
        totalBytesBilled: '1',
        totalSlotMs: '7',
        queryPlan: [{ name: SECRET }],
        timeline: [{}],
        estimatedBytesProcessed: '123',
        cacheHit: false,
        schema: { fields: [] },
        somethingNew: SECRET,
      },
    },
    status: {
      state: 'DONE',
      errorResult: {
        reason: 'invalidQuery',
        message: SECRET,
        location: 'query',
        debugInfo: SECRET,
      },
      errors: [{ reason: 'invalidQuery', message: SECRET }, { message: SECRET }],
    },
  })
  expect(JSON.stringify(job)).not.toContain('941')
  expect(job).toEqual({
    kind: 'bigquery#job',
    jobReference: { jobId: 'j' },
    configuration: { query: { query: 'SELECT 1' } },
    statistics: {
      creationTime: '1',
      totalBytesProcessed: '20971520',
      query: {
        statementType: 'SELECT',
        totalBytesBilled: '10485760',
        cacheHit: false,
        schema: { fields: [] },
      },
    },
    status: {
      state: 'DONE',
      errorResult: { reason: 'invalidQuery', message: expect.any(String) },
      errors: [{ reason: 'invalidQuery', message: expect.any(String) }],
    },
  })
})

test('a governed reply with rows tells bytes in blocks, and no slots or warnings', () => {
  const text = `{"totalBytesProcessed":"5","totalBytesBilled":12,"totalSlotMs":"3","errors":[{}],"cacheHit":true}`
  const scanned = scanReply(Buffer.from(text))
  if (!scanned.ok) throw new Error('unreachable')
  const members = [...governedRows(scanned.value).members].map(([name, value]) => [
    name,
    value.toString(),
  ])
  expect(Object.fromEntries(members)).toEqual({
    totalBytesProcessed: '"10485760"',
    cacheHit: 'true',
  })
})

test.each([
  ['0', '0'],
  ['1', '10485760'],
  ['10485760', '10485760'],
  ['10485761', '20971520'],
])('%s bytes are told as %s', (bytes, told) => {
  expect(inBlocks(bytes)).toBe(told)
})

const mask = (name: string) => ({
  path: [0],
  name,
  mask: { kind: 'expression', expression: 'SHA256' } as const,
  columns: [],
})

describe('the header', () => {
  test('names masked columns once each, in ASCII', () => {
    expect(maskedHeader([])).toBeUndefined()
    expect(maskedHeader([mask('ssn'), mask('visits.notes'), mask('ssn')])).toBe('ssn, visits.notes')
    expect(maskedHeader([mask('größe, kg'), mask('\r\nset-cookie: x'), mask('\ud800')])).toBe(
      'gr%C3%B6%C3%9Fe%2C%20kg, %0D%0Aset-cookie%3A%20x, %EF%BF%BD',
    )
  })

  test('ends where a client would end the connection', () => {
    const header = maskedHeader(Array.from({ length: 10_000 }, (_, n) => mask(`column_${n}`))) ?? ''
    expect(header.length).toBeLessThan(4_010)
    expect(header).toMatch(/^column_0, column_1, .*, column_\d+, \.\.\.$/)
  })
})
