import { expect, test } from 'vitest'

import { editText } from '../../../shared/analysis/edit-text.ts'

test('ranges are bytes, in any order', () => {
  const text = 'é = "ü" OR x'
  const edits = [
    { range: { start: 13, end: 14 }, text: 'yy' },
    { range: { start: 5, end: 9 }, text: '?' },
  ]
  expect(editText(text, edits)).toBe('é = ? OR yy')
})

test.each([
  [
    { start: 0, end: 2 },
    { start: 1, end: 3 },
  ],
  [{ start: 2, end: 1 }],
  [{ start: 0, end: 99 }],
])('ranges that cannot be right throw', (...ranges) => {
  const edits = ranges.map((range) => ({ range, text: '' }))
  expect(() => editText('abcdef', edits)).toThrow('overlap')
})
