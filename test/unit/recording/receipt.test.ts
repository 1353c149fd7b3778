import { generateKeyPairSync, sign, verify } from 'node:crypto'

import { expect, test } from 'vitest'

import { encodeReceipt, parseReceipt } from '../../../shared/recording/receipt.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const receipt = {
  v: 1,
  by: 1_790_000_300_000,
  entry: 'call~end',
  hash: 'a'.repeat(64),
  log: 'example.com/log',
  writer: 'a'.repeat(26),
} as const
const encode = (change: object = {}) =>
  encodeReceipt({ ...receipt, ...change }, (message) => sign(null, message, privateKey))

test('a receipt is read as it was written', () => {
  const header = encode()
  expect(header).toMatch(/^[\w-]+\.[\w-]+$/)
  const parsed = parseReceipt(header)
  expect(parsed?.receipt).toEqual(receipt)
  expect(parsed && verify(null, parsed.message, publicKey, parsed.signature)).toBe(true)
  expect(parsed?.message.toString()).toMatch(
    /^DSSEv1 38 application\/vnd\.sluice\.receipt\.v1\+json /,
  )
})

test.each([
  ['', ''],
  ['another version', encode({ v: 2 })],
  ['a member more', encode({ more: 1 })],
  ['a hash in capitals', encode({ hash: 'A'.repeat(64) })],
  ['a writer that is none', encode({ writer: 'b' })],
  ['padding', `${encode()}=`],
  ['bits that mean nothing', encode().replace(/.$/, (last) => (last === 'B' ? 'C' : 'B'))],
  ['no signature', encode().split('.')[0] ?? ''],
  ['a short signature', `${encode().split('.')[0]}.AAAA`],
  [
    'another form of the JSON',
    `${Buffer.from(JSON.stringify(receipt, undefined, 1)).toString('base64url')}.${encode().split('.')[1]}`,
  ],
])('%s is no receipt', (_, text) => {
  expect(parseReceipt(text)).toBeUndefined()
})
