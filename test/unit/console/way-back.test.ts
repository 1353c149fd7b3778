import { expect, test } from 'vitest'

import { wayBack } from '../../../shared/console/sign-in/way-back.ts'

const ORIGIN = 'https://sluice.example'

test.each([
  '//evil.example/console',
  'https://evil.example/console',
  '/\\evil.example/console',
  '\\\\evil.example',
  '/\t/evil.example/console',
  '/console/..//evil.example',
  '/console/../v1/me',
  '/consoles',
  '/v1/export?all=true',
  'javascript:alert(1)//console',
  'https://sluice.example@evil.example/console',
  'https://sluice.example.evil.example/console',
  'http://sluice.example/console',
  '/console/sign-out',
  '/console/callback?code=a',
  '/console/sign-in?to=/console',
  `/console/${'a'.repeat(5_000)}`,
  '',
])('nobody is led to %j', (wanted) => {
  expect(wayBack(wanted, ORIGIN)).toBe('/console')
})

test.each([
  ['/console', '/console'],
  ['/console/search?column=a%2Fb&column=c', '/console/search?column=a%2Fb&column=c'],
  ['https://sluice.example/console/log#top', '/console/log'],
])('%j leads to %j', (wanted, to) => {
  expect(wayBack(wanted, ORIGIN)).toBe(to)
})
