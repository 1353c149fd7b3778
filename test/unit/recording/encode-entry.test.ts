import { createHash } from 'node:crypto'

import { expect, test } from 'vitest'

import { ENTRY_TYPE, encodeEntry, entryHash } from '../../../shared/recording/encode-entry.ts'
import { sampleRequest } from '../../support/sample-entries.ts'

test('the hash says what the bytes are for', () => {
  const { bytes, hash } = sampleRequest()
  const encoded = `DSSEv1 ${ENTRY_TYPE.length} ${ENTRY_TYPE} ${bytes.length} ${bytes.toString()}`
  expect(hash).toBe(createHash('sha256').update(encoded).digest('hex'))
  expect(hash).not.toBe(createHash('sha256').update(bytes).digest('hex'))
})

test('the bytes are canonical: sorted, without spaces, without what is undefined', () => {
  const { entry, bytes } = sampleRequest({ connection: 'ü"', projectId: undefined })
  const text = bytes.toString('utf8')
  expect(text).toMatch(/^\{"at":1790000000000,"call":"[a-z2-7]{26}","connection":/)
  expect(text).toContain('"connection":"ü\\"",')
  expect(text).not.toContain('projectId')
  expect(encodeEntry({ ...entry }).bytes.equals(bytes)).toBe(true)
})

// If this changes, every hash that was ever put into a job label does.
test('version 1 stays as it is', () => {
  expect(entryHash(Buffer.from('{"v":1}'))).toBe(
    '87da620769ec450193014f973d2606e245f065d9d24ef40369722a8f0507da35',
  )
})
