import { beforeAll, expect, test } from 'vitest'

import type { EntryLine } from '../../../shared/recording/bundle/bundle-line.ts'
import { encodeBase64 } from '../../../shared/tlog/base64.ts'
import { type Line, bundleOf } from '../../support/record-bundle.ts'
import type { RecordLog } from '../../support/record-log.ts'
import { shortStory } from '../../support/record-story.ts'
import { verdictOf } from '../../support/verdict-of.ts'

let log: RecordLog
let lines: readonly Line[]
beforeAll(async () => {
  log = await shortStory()
  lines = await bundleOf(log, { all: true })
})

const isEntry = (line: Line): line is EntryLine => line.t === 'entry'
const numberOf = (line: EntryLine): number => JSON.parse(line.stamp).number
const writerOf = (line: EntryLine): string => JSON.parse(line.stamp).writer
const chained = (changed: readonly Line[]) => verdictOf(log, changed, { chained: true })

/** The entries of the writer that has most of them, by number. */
function run(): readonly EntryLine[] {
  const entries = lines.filter(isEntry)
  const request = entries.find(({ entry }) => entry.includes('"type":"request"'))
  const busiest = request && writerOf(request)
  return entries
    .filter((line) => writerOf(line) === busiest)
    .toSorted((a, b) => numberOf(a) - numberOf(b))
}

function changing(line: EntryLine | undefined, change: Partial<EntryLine>): readonly Line[] {
  if (line === undefined) throw new Error('no such entry')
  return lines.with(lines.indexOf(line), { ...line, ...change })
}

const FORGED = { signature: encodeBase64(Buffer.alloc(64, 1)) }

test('one signature stands for those before it, and the report says so', async () => {
  const verdict = await chained(lines)
  expect(verdict).toMatchObject({ integrity: 'sound', completeness: 'complete', problems: [] })
  expect(verdict.unchecked).toContainEqual(
    expect.stringMatching(/^the signatures of \d\d entries by themselves/),
  )
  // Harmless by definition: nothing that the record says is changed by it.
  expect((await chained(changing(run()[2], FORGED))).integrity).toBe('sound')
  expect((await verdictOf(log, changing(run()[2], FORGED))).integrity).toBe('broken')
})

test('the last one has to hold, and each before a gap', async () => {
  const all = run()
  const gap = all.findIndex((line, place) => numberOf(line) !== place)
  for (const line of [all.at(-1), all[gap - 1]]) {
    const { integrity, problems } = await chained(changing(line, FORGED))
    expect(integrity).toBe('broken')
    expect(problems).toMatchObject([{ kind: 'signature-invalid', index: line?.index }])
  }
})

test('no entry can be changed under it', async () => {
  for (const line of run()) {
    const entry = line.entry.replace('"v":1', '"v":1,"w":2')
    const stamp = line.stamp.replace(/"hash":"./, (text) =>
      text.endsWith('0') ? '"hash":"1' : '"hash":"0',
    )
    expect((await chained(changing(line, { entry }))).integrity).toBe('broken')
    expect((await chained(changing(line, { stamp }))).kinds).toEqual(
      expect.arrayContaining(['signature-invalid', 'entry-changed']),
    )
  }
})
