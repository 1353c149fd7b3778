import { expect, test } from 'vitest'

import { denialWords } from '../../../shared/gateway/denial-words.ts'

const oracle = (...uses: readonly { column: string; use: 'failure' | 'filter'; by?: string }[]) =>
  ({ effect: 'deny', rules: [], reason: 'oracle', uses, policyDigest: '' }) as const

const facts = { tables: ['acme.crm.people'], targets: [] }

test.each([
  [{ column: 'acme.crm.People.ssn', use: 'filter' }, '`acme.crm.People.ssn`: it is in a filter'],
  [{ column: 'acme.crm.people.ssn', use: 'failure', by: 'CAST' }, 'use SAFE_CAST'],
  [{ column: 'acme.crm.people.ssn', use: 'failure', by: 'DIVIDE' }, 'use SAFE_DIVIDE'],
  [{ column: 'acme.crm.people.ssn', use: 'failure', by: 'PARSE_DATE' }, 'SAFE.PARSE_DATE'],
  [{ column: 'acme.crm.people.ssn', use: 'failure' }, 'select it as it is'],
] as const)('of %o it says: %s', (use, words) => {
  expect(denialWords(oracle(use), facts)).toContain(words)
})

test('a column under a view is not named: the caller may not know of its table', () => {
  const words = denialWords(oracle({ column: 'acme.vault.raw.ssn', use: 'filter' }), facts)
  expect(words).toContain('a masked column of `acme.crm.people`')
  expect(words).not.toMatch(/vault|raw|ssn/)
  // Not even one whose name begins like that of a table they named.
  const near = denialWords(oracle({ column: 'acme.crm.people_raw.ssn', use: 'filter' }), facts)
  expect(near).not.toContain('people_raw')
})

test('of a thousand uses it names five', () => {
  const uses = Array.from({ length: 1_000 }, (_, n) => ({
    column: `acme.crm.people.c${n}`,
    use: 'filter' as const,
  }))
  const words = denialWords(oracle(...uses), facts)
  expect(words.match(/it is in a filter/g)).toHaveLength(5)
  expect(words).toContain('and 995 more')
})
