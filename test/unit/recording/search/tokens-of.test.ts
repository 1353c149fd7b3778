import { describe, expect, test } from 'vitest'

import { callFilter } from '../../../../shared/console/views/call-filter.ts'
import { matches } from '../../../../shared/recording/search/matches.ts'
import { queryTokens } from '../../../../shared/recording/search/query-tokens.ts'
import type { SearchFilter } from '../../../../shared/recording/search/search-filter.ts'
import { tokensOf } from '../../../../shared/recording/search/tokens-of.ts'
import { sampleDocument } from '../../../support/sample-documents.ts'

const document = sampleDocument(7, {
  masked: [{ column: 'acme.hospital.visits.notes.text', mask: 'SHA256' }],
  tags: ['PII'],
  approval: 'approval-awaited',
  approvers: [{ key: 'https://id.example dora', name: 'dora@acme.example' }],
  problem: 'denied',
  reason: 'oracle',
  replayOf: 'b'.repeat(26),
  flags: [{ rule: 'mass-read', why: 'x' }],
  bytesProcessed: 5_000,
})

const found: readonly SearchFilter[] = [
  {},
  { principal: ['ana', 'ANA@acme.example', 'https://id.example ana'] },
  { group: ['analysts'] },
  { client: ['mcp-toolbox', 'genai-toolbox', 'genai-toolbox/1.12.0', 'agent-7'] },
  { claim: ['repository=acme/etl'] },
  { table: ['patients', 'hospital.patients', 'acme.hospital.patients', 'Hospital.Patients'] },
  { column: ['ssn', 'patients.ssn', 'notes.text', 'visits.notes', 'notes'] },
  { maskedColumn: ['visits.notes'], filterColumn: ['ssn'], tag: ['pii'] },
  { statementType: 'select', decision: 'permit', rule: ['analysts-read'], outcome: 'released' },
  { problem: 'oracle', approval: 'APPROVAL_AWAITED', flag: ['mass-read'] },
  { approver: ['dora', 'dora@acme.example', 'https://id.example dora'] },
  { job: 'job_7' },
  { job: 'acme:job_7' },
  { fingerprint: 'f'.repeat(64), replayOf: 'b'.repeat(26) },
  { minBytes: 5_000, maxBytes: 5_000 },
  { text: 'select NAME, from `acme.hospital`' },
  { from: new Date(document.at).toISOString(), to: new Date(document.at + 1).toISOString() },
]

const notFound: readonly SearchFilter[] = [
  { principal: ['Ana'] },
  { principal: ['https://id.example Ana'] },
  { principal: ['dora'] },
  { approver: ['ana'] },
  { group: ['analyst'] },
  { table: ['hospital'] },
  { maskedColumn: ['ssn'] },
  { session: 'x' },
  { job: 'JOB_7' },
  { minBytes: 5_001 },
  { maxBytes: 4_999 },
  { text: 'selec' },
  { to: new Date(document.at).toISOString() },
  { from: new Date(document.at + 1).toISOString() },
]

describe('tokens', () => {
  test.each(found)('%j finds it', (filter) => {
    expect(matches(filter, document)).toBe(true)
    expect(tokensOf(document)).toEqual(expect.arrayContaining([...queryTokens(filter)]))
  })

  test.each(notFound)('%j does not', (filter) => {
    expect(matches(filter, document)).toBe(false)
  })

  test('what the console parses is a filter', () => {
    const parsed: SearchFilter = callFilter.parse({ principal: 'ana', minBytes: '5' })
    expect(matches(parsed, document)).toBe(true)
  })

  const strange = ['decision:deny', 'a\ndecision:deny', 'decision#x', '"', 'x OR y', 'a* NEAR(b c)']

  test.each(strange)('%j in a value makes no token of another kind', (value) => {
    const session = document.session && {
      ...document.session,
      claimed: { ...document.session.claimed, tool: value, server: value },
    }
    const attacked = sampleDocument(8, {
      strippedSql: value,
      session,
      rules: [value],
      tables: [value],
      columns: [value],
      fingerprint: value,
    })
    const kinds = tokensOf(attacked).filter((token) => token.startsWith('decision'))
    expect(kinds).toEqual(['decision:permit', 'decision-outcome:["permit","released"]'])
    expect(matches({ rule: [value], client: [value], table: [value] }, attacked)).toBe(true)
    expect(matches({ decision: 'deny' }, attacked)).toBe(false)
  })

  test('a subject that looks like a key of somebody else is not taken for them', () => {
    const { principal } = document
    const forged = sampleDocument(9, {
      principal: principal && {
        ...principal,
        issuer: 'https://evil.example',
        subject: 'https://id.example ana',
      },
    })
    expect(matches({ principal: ['https://id.example ana'] }, forged)).toBe(false)
  })

  test('are bounded, and what has too many says so', () => {
    const wide = sampleDocument(1, {
      columns: Array.from({ length: 9_000 }, (_, n) => `acme.hospital.patients.column_${n}`),
      rules: ['r'.repeat(5_000)],
    })
    const tokens = tokensOf(wide)
    expect(tokensOf({ ...wide, flags: [{ rule: 'wide', why: 'x' }] })).toEqual(tokens)
    expect(tokens).toHaveLength(4_000)
    expect(tokens.every((token) => Buffer.byteLength(token) <= 300)).toBe(true)
    expect(new Set(tokens).size).toBe(4_000)
    expect(matches({ flag: ['wide'], filterColumn: ['ssn'] }, wide)).toBe(true)
    expect(matches({ rule: ['r'.repeat(5_000)] }, wide)).toBe(true)
  })
})
