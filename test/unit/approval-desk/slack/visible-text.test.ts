import { expect, test } from 'vitest'

import {
  LIST_PRICE_USD_PER_TIB,
  formatBytes,
  formatListPrice,
} from '../../../../shared/approval-desk/bytes-and-cost.ts'
import { oddNames } from '../../../../shared/approval-desk/odd-names.ts'
import { visibleLine, visibleText } from '../../../../shared/approval-desk/visible-text.ts'

test.each([
  ['what runs from right to left', 'a\u202Eb\u2066c\u2069', 'a\\u202Eb\\u2066c\\u2069'],
  ['what has no width', 'a\u200Bb\uFEFFc\u00ADd\u2060', 'a\\u200Bb\\uFEFFc\\u00ADd\\u2060'],
  ['spaces that are none', 'a\u00A0b\u3000c\u2028d', 'a\\u00A0b\\u3000c\\u2028d'],
  ['fillers', 'a\u3164b\u2800c\u115F', 'a\\u3164b\\u2800c\\u115F'],
  ['controls', 'a\0b\tc\rd\u001B[31m', 'a\\u0000b\\u0009c\\u000Dd\\u001B[31m'],
  ['halves of characters', 'a\uD800b', 'a\\uD800b'],
  ['tags beyond the first plane', 'a\u{E0041}b', 'a\\U000E0041b'],
  ['marks that change a sign', 'a =\u0338 b', 'a =\\u0338 b'],
  ['letters that change the order', "x = 'שלום'", "x = '\\u05E9\\u05DC\\u05D5\\u05DD'"],
])('%s is seen', (_name, original, shown) => {
  expect(visibleText(original, 'code', 1000).text).toBe(shown)
})

test.each([
  'SELECT 1\nFROM t',
  'Zürich, é, e\u0301, 東京, हिन्दी, 😀',
  '``` <!channel> & > \\u202E',
])('%s is shown as it is', (original) => {
  expect(visibleText(original, 'code', 1000)).toMatchObject({ text: original, escaped: 0 })
})

test('a line has no second line, and prose keeps its language', () => {
  expect(visibleLine('a\nb', 100)).toBe('a\\nb')
  expect(visibleLine('שלום\u202E', 100, 'words')).toBe('שלום\\u202E')
})

test('nothing is cut in the middle of a character or of an escape, and counts are of characters', () => {
  const original = `${'😀'.repeat(3)}\u202Eab`
  for (let most = 0; most < 16; most++) {
    const { text, shown, total } = visibleText(original, 'code', most)
    expect(text.length).toBeLessThanOrEqual(most)
    expect(text).toBe(visibleText(Array.from(original).slice(0, shown).join(''), 'code', 1000).text)
    expect(total).toBe(6)
  }
  expect(visibleLine('a'.repeat(30), 20)).toBe(`${'a'.repeat(13)}… (cut)`)
})

test('names with letters of other alphabets are found, in strings they are not names', () => {
  const sql =
    "SELECT 'p\u0430tient', \"`\u0430`\", r'\\'`\u0430`', `c\u043Elumn` FROM `\u0430cme`.`x`"
  expect(oddNames(['acme.hospital.p\u0430tients', 'acme.x.y'], sql)).toEqual([
    'acme.hospital.p\\u0430tients',
    'c\\u043Elumn',
    '\\u0430cme',
  ])
})

test.each([
  [0, '0 bytes', 'USD 0.00'],
  [1023, '1023 bytes', 'USD 0.01'],
  [1536, '1.5 KiB', 'USD 0.01'],
  [1_932_735_283, '1.8 GiB', 'USD 0.02'],
  [2 ** 40, '1 TiB', 'USD 6.25'],
  [1023 * 2 ** 40, '1023 TiB', 'USD 6393.75'],
  [1.2345 * 2 ** 50, '1.23 PiB', 'USD 7900.80'],
])('%d bytes are %s and cost %s', (bytes, size, price) => {
  expect([formatBytes(bytes), formatListPrice(bytes)]).toEqual([size, price])
  expect(LIST_PRICE_USD_PER_TIB).toBe(6.25)
})
