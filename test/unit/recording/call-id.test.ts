import { expect, test } from 'vitest'

import { callIdFrom, newCallId } from '../../../shared/recording/call-id.ts'

const ana = 'https://id.example ana'

test('a retry has the id of the first try', () => {
  const id = callIdFrom(ana, ['jobs.query', 'acme', 'r-1'])
  expect(id).toMatch(/^[a-z2-7]{26}$/)
  expect(callIdFrom(ana, ['jobs.query', 'acme', 'r-1'])).toBe(id)
})

test('whatever differs, the id does', () => {
  const ids = [
    callIdFrom(ana, ['jobs.query', 'acme', 'r-1']),
    callIdFrom(ana, ['jobs.query', 'acme', 'R-1']),
    callIdFrom(ana, ['jobs.insert', 'acme', 'r-1']),
    callIdFrom(ana, ['jobs.query', 'acme-2', 'r-1']),
    callIdFrom('https://id.example eve', ['jobs.query', 'acme', 'r-1']),
    // No way to write one's own parts so that they read as another principal's.
    callIdFrom('https://id.example', ['ana', 'jobs.query', 'acme', 'r-1']),
    callIdFrom(`${ana}","jobs.query`, ['acme', 'r-1']),
    callIdFrom(ana, ['jobs.query', 'acme","r-1']),
  ]
  expect(new Set(ids).size).toBe(ids.length)
})

test('a new id takes 128 bits of what it is given', () => {
  expect(newCallId((bytes) => Buffer.alloc(bytes))).toBe('a'.repeat(26))
  expect(newCallId((bytes) => Buffer.alloc(bytes, 255))).toBe(`${'7'.repeat(25)}4`)
})
