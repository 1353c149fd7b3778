import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { preAuthenticationEncoding } from '../../../shared/tlog/pre-authentication-encoding.ts'

// DSSE protocol.md, “Test Vectors”.
test('it is the encoding of the specification’s own example', () => {
  expect(
    preAuthenticationEncoding('http://example.com/HelloWorld', Buffer.from('hello world')),
  ).toEqual(Buffer.from('DSSEv1 29 http://example.com/HelloWorld 11 hello world'))
})

test('lengths are of bytes, not of characters', () => {
  expect(preAuthenticationEncoding('é', Buffer.from('€')).toString()).toBe('DSSEv1 2 é 3 €')
})

test('no two typed payloads share an encoding', () => {
  const typed = fc.tuple(fc.string({ maxLength: 12 }), fc.uint8Array({ maxLength: 12 }))
  fc.assert(
    fc.property(typed, typed, ([type, payload], [otherType, otherPayload]) => {
      const same =
        Buffer.from(type).equals(Buffer.from(otherType)) &&
        Buffer.compare(payload, otherPayload) === 0
      const encodings = [
        preAuthenticationEncoding(type, payload),
        preAuthenticationEncoding(otherType, otherPayload),
      ]
      expect(new Set(encodings.map((bytes) => bytes.toString('hex'))).size).toBe(same ? 1 : 2)
    }),
  )
})
