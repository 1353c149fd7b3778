import { createHash } from 'node:crypto'

import * as fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'

import type { BundleScope } from '../../../shared/recording/bundle/bundle-line.ts'
import { bundleOf, encodeBundle } from '../../support/record-bundle.ts'
import type { RecordLog } from '../../support/record-log.ts'
import { idOf, shortStory } from '../../support/record-story.ts'
import { verdictOf } from '../../support/verdict-of.ts'

/** Per kind of bundle and way of changing it. */
const RUNS = 300

let log: RecordLog
const bundles = new Map<string, Buffer>()
beforeAll(async () => {
  log = await shortStory()
  const scopes: Record<string, BundleScope> = {
    everything: { all: true },
    'a session': { session: idOf('short') },
    'a span of time': { from: log.time.now - 700_000, to: log.time.now + 1 },
    'a call': { call: idOf('short approved') },
  }
  for (const [name, scope] of Object.entries(scopes))
    bundles.set(name, encodeBundle(await bundleOf(log, scope)))
})

test('they are sound as they are', async () => {
  for (const [name, bytes] of bundles)
    expect((await verdictOf(log, bytes)).integrity, name).toBe('sound')
})

const of = (name: string): Buffer => bundles.get(name) ?? Buffer.alloc(0)
/** A place anywhere: `% length` of what it is a place in. */
const place = fc.noBias(fc.nat(2 ** 31 - 1))
const flip = fc.noBias(fc.integer({ min: 1, max: 255 }))

test.each(['everything', 'a session', 'a span of time', 'a call'])(
  'a byte of a bundle of %s that is another one',
  { timeout: 120_000 },
  async (name) => {
    await fc.assert(
      fc.asyncProperty(place, flip, async (at, by) => {
        const bytes = Buffer.from(of(name))
        const index = at % bytes.length
        bytes[index] = (bytes[index] ?? 0) ^ by
        expect((await verdictOf(log, bytes)).integrity).toBe('broken')
      }),
      { numRuns: RUNS },
    )
  },
)

test(
  'a byte of any line that is another one, when the last line is made to fit',
  { timeout: 240_000 },
  async () => {
    // The head says what the bundle is about; nobody signs it. See below for what it can be made to say.
    const HEAD = 2
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...bundles.keys()),
        place,
        place,
        flip,
        async (name, line, at, by) => {
          const lines = linesOf(of(name))
          const index = HEAD + (line % (lines.length - HEAD))
          const bytes = lines[index] ?? Buffer.alloc(0)
          const byte = at % bytes.length
          bytes[byte] = (bytes[byte] ?? 0) ^ by
          const verdict = await verdictOf(log, ended(lines))
          expect(verdict.integrity, bytes.toString()).toBe('broken')
        },
      ),
      { numRuns: 4 * RUNS },
    )
  },
)

test(
  'a byte of the checkpoint that is another one, when the last line is made to fit',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...bundles.keys()), place, flip, async (name, at, by) => {
        const lines = linesOf(of(name))
        const bytes = lines[1] ?? Buffer.alloc(0)
        const byte = at % bytes.length
        const before = Buffer.from(bytes)
        bytes[byte] = (bytes[byte] ?? 0) ^ by
        const verdict = await verdictOf(log, ended(lines))
        // Harmless: by a change of its name or key id a signature becomes that of somebody unknown. It counts no
        // more, and the other one of the log still does.
        if (verdict.integrity === 'sound')
          expect(signatureHeads(before)).not.toEqual(signatureHeads(bytes))
      }),
      { numRuns: RUNS },
    )
  },
)

test.each(['everything', 'a session'])(
  'a bundle of %s that ends anywhere',
  { timeout: 120_000 },
  async (name) => {
    await fc.assert(
      fc.asyncProperty(place, async (at) => {
        const bytes = of(name)
        const verdict = await verdictOf(log, bytes.subarray(0, at % bytes.length))
        expect(verdict.integrity).toBe('broken')
      }),
      { numRuns: RUNS },
    )
  },
)

test('a bundle that goes on after its end', async () => {
  const bytes = of('a call')
  for (const more of ['\n', ' ', '{}\n', bytes.toString()])
    expect((await verdictOf(log, Buffer.concat([bytes, Buffer.from(more)]))).integrity).toBe(
      'broken',
    )
})

/** The lines but for the last, without their LF; copies. */
function linesOf(bytes: Buffer): Buffer[] {
  return bytes
    .toString('latin1')
    .split('\n')
    .slice(0, -2)
    .map((line) => Buffer.from(line, 'latin1'))
}

/** With a last line that fits them, as if an exporter had written them. */
function ended(lines: readonly Buffer[]): Buffer {
  const before = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]))
  const sha256 = createHash('sha256').update(before).digest('hex')
  // A line break more makes one line of two.
  const count = before.filter((byte) => byte === 0x0a).length
  return Buffer.concat([
    before,
    Buffer.from(`${JSON.stringify({ lines: count, sha256, t: 'end' })}\n`),
  ])
}

/** Who is said to have signed a note, with key id. */
function signatureHeads(line: Buffer): readonly string[] {
  const { note } = JSON.parse(line.toString()) as { readonly note: string }
  return note
    .split('\n')
    .filter((one) => one.startsWith('— '))
    .map((one) => one.slice(0, one.lastIndexOf(' ') + 7))
}
