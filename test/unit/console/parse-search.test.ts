import { expect, test } from 'vitest'

import { parseSearch } from '../../../shared/console/pages/search/parse-search.ts'
import { searchText } from '../../../shared/console/pages/search/search-text.ts'

test.each([
  [
    'column:patients.ssn decision:deny',
    [
      ['column', 'patients.ssn'],
      ['decision', 'deny'],
    ],
  ],
  [
    'after:2026-07-01 birth_date  select',
    [
      ['from', '2026-07-01T00:00:00.000Z'],
      ['text', 'birth_date select'],
    ],
  ],
  [
    'claim:run_id=42 rule:"two words"',
    [
      ['claim', 'run_id=42'],
      ['rule', 'two words'],
    ],
  ],
  [
    'table:a table:b',
    [
      ['table', 'a'],
      ['table', 'b'],
    ],
  ],
  ['min:10GiB', [['minBytes', '10737418240']]],
  ['"a:b"', [['text', 'a:b']]],
  ['table:x&decision=permit', [['table', 'x&decision=permit']]],
  ['', []],
])('%j is understood, and written back to the same', (line, pairs) => {
  const parsed = parseSearch(line)
  expect(parsed).toEqual({ ok: true, value: pairs })
  if (parsed.ok) expect(parseSearch(searchText(parsed.value))).toEqual(parsed)
})

test.each([
  ['colour:red', /nothing is called `colour`/],
  ['decision:maybe', /`decision:` is one of/],
  ['after:2026-02-30', /takes a day/],
  ['after:yesterday', /takes a day/],
  ['min:lots', /takes a number of bytes/],
  ['column:', /nothing follows `column:`/],
  ['session:a session:b', /there twice/],
  ['"open', /not closed/],
  ['__proto__:x', /nothing is called/],
  ['decision:constructor', /is one of/],
])('%j is refused, and says why', (line, reason) => {
  const parsed = parseSearch(line)
  expect(parsed.ok).toBe(false)
  if (!parsed.ok) expect(parsed.error.join(' ')).toMatch(reason)
})
