import { describe, expect, test } from 'vitest'

import { readParameters } from '../../../shared/gateway/parameters.ts'

const read = (
  search: string,
  method: Parameters<typeof readParameters>[0] = 'jobs.getQueryResults',
) => readParameters(method, new URLSearchParams(search))

function values(search: string) {
  const parameters = read(search)
  if (!parameters.ok) throw new Error(parameters.error)
  return parameters.value
}

test('counts, flags and texts', () => {
  const given = values(
    'maxResults=10&timeoutMs=0&pageToken=x%2B%2F%3D&formatOptions.useInt64Timestamp=True&location=EU',
  )
  expect(given.count('maxResults')).toBe(10)
  expect(given.count('timeoutMs')).toBe(0)
  expect(given.text('pageToken')).toBe('x+/=')
  expect(given.flag('formatOptions.useInt64Timestamp')).toBe(true)
  expect(given.text('location')).toBe('EU')
  expect(given.fields).toBe('all')
})

test('empty means absent: Go sends `pageToken=`', () => {
  const given = values('pageToken=&maxResults=&formatOptions.useInt64Timestamp=&alt=&fields=')
  expect(given.text('pageToken')).toBeUndefined()
  expect(given.count('maxResults')).toBeUndefined()
  expect(given.flag('formatOptions.useInt64Timestamp')).toBeUndefined()
  expect(given.fields).toBe('all')
})

test.each([
  ['true', true],
  ['True', true],
  ['TRUE', true],
  ['1', true],
  ['false', false],
  ['0', false],
])('the flag %s is %s', (written, value) => {
  const flag = values(`formatOptions.useInt64Timestamp=${written}`)
  expect(flag.flag('formatOptions.useInt64Timestamp')).toBe(value)
})

test('what may come more than once does', () => {
  const states = read('stateFilter=done&stateFilter=running', 'jobs.list')
  expect(states.ok && states.value.all('stateFilter')).toEqual(['done', 'running'])
  expect(states.ok && states.value.all('maxResults')).toEqual([])
})

describe('refused, by name', () => {
  test.each([
    ['foo=1', 'unknown or unsupported parameter `foo`'],
    ['view=FULL', 'unknown or unsupported parameter `view`'],
    ['MaxResults=1', 'unknown or unsupported parameter `MaxResults`'],
    ['$alt=json', 'unknown or unsupported parameter `$alt`'],
    ['constructor=1', 'unknown or unsupported parameter `constructor`'],
    ['toString=1', 'unknown or unsupported parameter `toString`'],
    ['__proto__=1', 'unknown or unsupported parameter `__proto__`'],
    [`${'x'.repeat(500)}=1`, `unknown or unsupported parameter \`${'x'.repeat(100)}\``],
    ['alt=media', 'parameter `alt` must be json'],
    ['alt=json&alt=json', 'parameter `alt` comes twice'],
    ['maxResults=1&maxResults=1', 'parameter `maxResults` comes twice'],
    ['maxResults=&maxResults=1', 'parameter `maxResults` comes twice'],
    ['maxResults=-1', 'parameter `maxResults` must be a whole number, not negative'],
    ['maxResults=2147483648', 'parameter `maxResults` must be a whole number, not negative'],
    ['maxResults= 1', 'parameter `maxResults` must be a whole number, not negative'],
    ['prettyPrint=yes', 'parameter `prettyPrint` must be true or false'],
    ['fields=a(', 'invalid field selection `a(`'],
  ])('%.40s', (search, error) => {
    expect(read(search)).toEqual({ ok: false, error })
  })
})
