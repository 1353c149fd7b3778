import { describe, expect, test } from 'vitest'

import { rowWindow, withinWindow } from '../../../shared/gateway/row-window.ts'
import { scanReply } from '../../../shared/masking/reply-scanner.ts'

const asked = (change: Partial<Parameters<typeof rowWindow>[0]> = {}) => ({
  maxResults: undefined,
  pageToken: undefined,
  startIndex: undefined,
  ...change,
})

const token = (row: string) => Buffer.from(`sluice-rows-${row}`).toString('base64url')

test('without a maximum, what is asked goes on as it is', () => {
  const theirs = asked({ maxResults: 7, pageToken: 'BigQuery’s own', startIndex: '3' })
  expect(rowWindow(theirs, undefined)).toMatchObject(theirs)
})

describe('of at most 100 rows', () => {
  test.each([
    [{}, { maxResults: 100, startIndex: undefined, begin: 0 }],
    [{ maxResults: 30 }, { maxResults: 30, startIndex: undefined, begin: 0 }],
    [{ maxResults: 0 }, { maxResults: 0, begin: 0 }],
    [{ maxResults: 5_000 }, { maxResults: 100, begin: 0 }],
    [
      { startIndex: '90', maxResults: 30 },
      { maxResults: 10, startIndex: '90', begin: 90 },
    ],
    [{ startIndex: '100' }, { maxResults: 0, startIndex: '100' }],
    [{ startIndex: '999999999999999' }, { maxResults: 0 }],
    [{ pageToken: token('60') }, { maxResults: 40, startIndex: '60', pageToken: undefined }],
    [
      { pageToken: token('60'), startIndex: '2' },
      { maxResults: 40, startIndex: '60' },
    ],
    [{ pageToken: token('100') }, { maxResults: 0 }],
    [
      { pageToken: '', startIndex: '5' },
      { maxResults: 95, startIndex: '5' },
    ],
  ])('%o asks for %o', (change, expected) => {
    expect(rowWindow(asked(change), 100)).toMatchObject(expected)
  })

  test.each([
    { pageToken: 'BigQuery’s own' },
    { pageToken: token('-1') },
    { pageToken: token('007') },
    { pageToken: token('1e3') },
    { startIndex: '-5' },
    { startIndex: '9'.repeat(16) },
    { startIndex: ' 1' },
  ])('%o is refused', (change) => {
    expect(rowWindow(asked(change), 100)).toBeUndefined()
  })
})

const page = (rows: number, more: object = {}) => {
  const scanned = scanReply(
    Buffer.from(JSON.stringify({ rows: Array.from({ length: rows }, () => ({ f: [] })), ...more })),
  )
  if (!scanned.ok) throw new Error('unreachable')
  return scanned.value
}
const seen = (...[reply, window]: Parameters<typeof withinWindow>) => {
  const within = withinWindow(reply, window)
  if (!within.ok) return within.error
  const member = (name: string) => within.value.members.get(name)?.toString()
  return { totalRows: member('totalRows'), pageToken: member('pageToken') }
}

describe('a page', () => {
  test('ends with a token that names the next row', () => {
    const reply = page(30, { totalRows: '5000', pageToken: 'theirs' })
    expect(seen(reply, { begin: 30, maximumRows: 100 })).toEqual({
      totalRows: '"100"',
      pageToken: JSON.stringify(token('60')),
    })
  })

  test('has no token after the last row that may leave', () => {
    const reply = page(40, { totalRows: '5000', pageToken: 'theirs' })
    expect(seen(reply, { begin: 60, maximumRows: 100 })).toEqual({ totalRows: '"100"' })
  })

  test('of a small result stays as it is', () => {
    expect(seen(page(2, { totalRows: '2' }), { begin: 0, maximumRows: 100 })).toEqual({
      totalRows: '"2"',
    })
  })

  test('with more rows than were asked for is refused', () => {
    expect(seen(page(41), { begin: 60, maximumRows: 100 })).toBe('unexpected-shape')
  })

  test('of a result without a maximum keeps BigQuery’s token', () => {
    const reply = page(1, { totalRows: '5000', pageToken: 'theirs' })
    expect(seen(reply, { begin: 0, maximumRows: undefined })).toEqual({
      totalRows: '"5000"',
      pageToken: '"theirs"',
    })
  })
})
