import { expect, test } from 'vitest'

import { problemsOf, sample } from './sample-policy.ts'

const RULE = 'when: query.statementType == "SELECT"'

/** `here` marks what the condition gets wrong; the problem must point at it. */
test.each([
  ['plain', 'when: query.dryRun && here'],
  ['plain, over lines', 'when: query.dryRun &&\n      !query.dryRun &&\n\n      here'],
  ['single quotes', `when: 'principal.sub == "it''s" && here'`],
  ['single quotes, over lines', `when: 'query.dryRun &&\n\n      here'`],
  ['double quotes', 'when: "query.dryRun && here"'],
  ['double quotes with escapes', 'when: "principal.sub == \\"\\u0061\\x62\\\\n\\" &&\\n\\there"'],
  ['double quotes, over lines', 'when: "principal.sub == \\"a\\" && \\\n        here"'],
  ['literal block', 'when: |\n      query.dryRun\n        && here\n'],
  ['literal block with header', 'when: |2-   # why\n        query.dryRun\n        && here\n'],
  ['folded block', 'when: >-\n      query.dryRun &&\n      here\n'],
  ['folded block with blank lines', 'when: >\n\n      query.dryRun &&\n\n\n      here\n'],
  [
    'folded block with deeper lines',
    'when: >-\n      query.dryRun &&\n        (principal.sub == "a" ||\n        here)\n',
  ],
  ['comment inside CEL', 'when: |\n      query.dryRun && // not this\n      here\n'],
  ['text with line ends of Windows', 'when: >-\r\n      query.dryRun &&\r\n      here\r\n'],
])('%s', (_, written) => {
  const text = sample(RULE, written)
  const at = text.indexOf('here')
  const line = text.slice(0, at).split('\n').length
  const column = at - text.lastIndexOf('\n', at)
  expect(problemsOf(text)).toEqual([`${line}:${column}: rules[0].when: unknown name \`here\``])
})

test('a condition that ends too early is pointed at where it ends', () => {
  const text = sample(RULE, 'when: |\n      query.dryRun &&\n        ( query.dryRun\n')
  expect(problemsOf(text)).toEqual(['16:23: rules[0].when: the condition ends too early'])
})
