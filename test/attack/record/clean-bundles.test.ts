import { beforeAll, expect, test } from 'vitest'

import type { BundleScope } from '../../../shared/recording/bundle/bundle-line.ts'
import { bundleOf, encodeBundle } from '../../support/record-bundle.ts'
import type { RecordLog } from '../../support/record-log.ts'
import {
  closeSession,
  idOf,
  openSession,
  recordStory,
  writeCall,
} from '../../support/record-story.ts'
import { verdictOf } from '../../support/verdict-of.ts'

let log: RecordLog
beforeAll(async () => {
  log = await recordStory()
})

const spanOf = (of: RecordLog): BundleScope => ({
  from: of.time.now - 3 * 610_000,
  to: of.time.now + 1,
})

test.each([
  ['everything', (): BundleScope => ({ all: true }), 'complete'],
  ['a session', (): BundleScope => ({ session: idOf('session 1') }), 'complete'],
  ['a span of time', () => spanOf(log), 'complete'],
  ['a call', (): BundleScope => ({ call: idOf('session 1 approved') }), 'not-checked'],
  [
    'a call under a time box',
    (): BundleScope => ({ call: idOf('session 1 boxed') }),
    'not-checked',
  ],
])('a bundle of %s passes', async (_, scope, completeness) => {
  const verdict = await verdictOf(log, await bundleOf(log, scope()))
  expect(verdict).toMatchObject({ integrity: 'sound', completeness, problems: [] })
})

test('with more threads it says the same, in the same order', async () => {
  const large = await recordStory(50)
  const lines = [...(await bundleOf(large, { all: true }))]
  expect(lines.length).toBeGreaterThan(2_500)
  const alone = await verdictOf(large, lines)
  expect(await verdictOf(large, lines, { threads: 2 })).toEqual(alone)
  expect(alone).toMatchObject({ integrity: 'sound', completeness: 'complete' })

  const bytes = encodeBundle(lines)
  const changed = Buffer.from(bytes.toString().replaceAll(/(?<=\\"durationMs\\":)30/g, '31'))
  const many = await verdictOf(large, changed, { threads: 2 })
  expect(many).toEqual(await verdictOf(large, changed))
  expect(many.kinds[0]).toBe('entry-changed')
  expect(many.kinds.length).toBeGreaterThan(300)
})

test('an entry that waits to be sealed is told apart', async () => {
  const open = await recordStory(1)
  const writer = await open.openWriter()
  openSession(open, writer, 'late', 'ana')
  writeCall({ log: open, writer, name: 'late', who: 'ana', session: 'late' })
  closeSession(open, writer, 'late')
  const verdict = await verdictOf(open, await bundleOf(open, { all: true }))
  expect(verdict).toMatchObject({ integrity: 'sound', completeness: 'complete' })
  expect(verdict.unchecked).toContain(
    'whether the log will hold 5 entries: they are not sealed yet',
  )
})

test('what retention deleted leaves its leaf', async () => {
  const old = await recordStory(2)
  const from = 2
  const to = 30
  const deleted = old.sealed.flatMap(({ type }, index) =>
    index >= from && index <= to && !/^(writer|sealed)/.test(type) ? [index] : [],
  )
  const writer = await old.openWriter()
  old.write(writer, {
    type: 'retention-deleted',
    id: `retention~${idOf('six years')}`,
    class: 'default',
    before: old.time.now,
    from,
    to,
    count: deleted.length,
  })
  old.seal()
  const verdict = await verdictOf(old, await bundleOf(old, { all: true }, { deleted }))
  expect(verdict).toMatchObject({ integrity: 'sound', completeness: 'complete', problems: [] })

  const more = [...deleted, to + 2]
  expect(await verdictOf(old, await bundleOf(old, { all: true }, { deleted: more }))).toMatchObject(
    {
      integrity: 'sound',
      completeness: 'incomplete',
      problems: [{ kind: 'entry-missing', index: to + 2 }],
    },
  )
})
