import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { canonicalJson } from '../../../../shared/kernel/canonical-json.ts'
import { decodeUtf8, parseCanonical } from '../../../../shared/recording/bundle/canonical.ts'
import { lineWriter } from '../../../../shared/recording/bundle/encode-line.ts'
import { framedLines } from '../../../../shared/recording/bundle/framed-lines.ts'
import { parseLine } from '../../../../shared/recording/bundle/parse-line.ts'
import { MAX_LINE_BYTES, splitLines } from '../../../../shared/recording/bundle/split-lines.ts'

async function* chunks(...texts: readonly (string | Buffer)[]) {
  for (const text of texts) yield Buffer.from(text)
}

async function split(...texts: readonly (string | Buffer)[]): Promise<readonly string[]> {
  const found: string[] = []
  for await (const some of splitLines(chunks(...texts)))
    if ('broken' in some) found.push(some.broken)
    else found.push(...some.lines.map(String))
  return found
}

test('lines are the same however the bytes come', async () => {
  const text = 'one\n\ntwo and more\nthree\n'
  for (let size = 1; size <= text.length; size++) {
    const parts = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
    expect(await split(...parts)).toEqual(['one', '', 'two and more', 'three'])
  }
  expect(await split()).toEqual([])
  expect(await split('one\ntw', 'o')).toEqual(['one', 'cut-off'])
})

test('a line that is too long is not kept in memory', async () => {
  const part = Buffer.alloc(MAX_LINE_BYTES / 4, 0x61)
  expect(await split(part, part, part, part, part, part)).toEqual(['too-long'])
})

test('the last line says what was before it', async () => {
  const writer = lineWriter()
  const lines = [
    writer.line({ t: 'checkpoint', note: 'ä\n' }),
    writer.line({ t: 'consistency', from: 1, proof: [] }),
  ]
  const framed = framedLines(chunks(...lines, writer.end()))
  expect((await framed.next()).value).toEqual([lines[0]?.subarray(0, -1)])
  expect((await framed.next()).value).toEqual([lines[1]?.subarray(0, -1)])
  const { value: tail } = await framed.next()
  if (tail === undefined || !('last' in tail)) throw new Error('not the end')
  expect(parseLine(String(tail.last))).toEqual({ t: 'end', lines: tail.lines, sha256: tail.sha256 })
})

const HEAD = {
  t: 'sluice-bundle/v1',
  log: 'x',
  size: 0,
  scope: { all: true },
  made: 0,
  private: true,
}

test.each([
  ['a head', HEAD, true],
  ['of a span', { ...HEAD, scope: { from: 1, to: 2 } }, true],
  ['of no scope', { ...HEAD, scope: {} }, false],
  ['of two scopes', { ...HEAD, scope: { all: true, from: 1 } }, false],
  ['of not everything', { ...HEAD, scope: { all: false } }, false],
  ['with more', { ...HEAD, more: 1 }, false],
  ['without its log', { ...HEAD, log: undefined }, false],
  ['of another version', { ...HEAD, t: 'sluice-bundle/v2' }, false],
  ['of a negative size', { ...HEAD, size: -1 }, false],
  ['a checkpoint', { t: 'checkpoint', note: '' }, true],
  ['an unknown type', { t: 'note', note: '' }, false],
  ['no object', [], false],
  ['an end', { t: 'end', lines: 1, sha256: '0'.repeat(64) }, true],
  ['an end of another hash', { t: 'end', lines: 1, sha256: '0'.repeat(63) }, false],
  ['a leaf', { t: 'leaf', index: 0, leaf: '', why: 'missing' }, true],
  ['a leaf for no reason', { t: 'leaf', index: 0, leaf: '', why: 'lost' }, false],
])('%s', (_, line, isLine) => {
  expect(parseLine(canonicalJson(line)) !== undefined).toBe(isLine)
})

test('a line is canonical, so that every byte counts', () => {
  const text = canonicalJson({ t: 'checkpoint', note: '' })
  expect(parseLine(text)).toBeDefined()
  for (const other of [
    ` ${text}`,
    `${text} `,
    '{"t":"checkpoint","note":""}',
    '{"note":"x","note":"","t":"checkpoint"}',
    '{"note":"\\u0061","t":"checkpoint"}',
  ])
    expect(parseLine(other), other).toBeUndefined()
})

test('what is canonical is found as the writer would find it', () => {
  const json = fc.jsonValue({ maxDepth: 4 })
  const odd = fc.constantFrom(
    '10',
    '9',
    '-0',
    '1.5',
    '1e3',
    '"\\ud800"',
    '"\\ud83e\\uddea"',
    '"\\u001f"',
    '"\\/"',
  )
  const texts = fc.oneof(
    json.map((value) => JSON.stringify(value)),
    json.map((value) => {
      try {
        return canonicalJson(value)
      } catch {
        return JSON.stringify(value)
      }
    }),
    fc.tuple(odd, odd).map(([a, b]) => `{"10":${a},"9":${b}}`),
    fc.tuple(odd, odd).map(([a, b]) => `{"b":${a},"a":[${b}]}`),
    odd,
  )
  fc.assert(
    fc.property(texts, (text) => {
      expect(parseCanonical(text)).toEqual(canonicalOrNot(text))
    }),
    { numRuns: 3_000 },
  )
  for (const levels of [64, 65, 66, 97, 98, 99]) {
    const deep = `${'['.repeat(levels)}${']'.repeat(levels)}`
    expect(parseCanonical(deep) !== undefined).toBe(canonicalOrNot(deep) !== undefined)
  }
  expect(decodeUtf8(Buffer.of(0xc3))).toBeUndefined()
  expect(decodeUtf8(Buffer.from('\ufeffx'))).toBe('\ufeffx')
})

function canonicalOrNot(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return canonicalJson(value) === text ? value : undefined
  } catch {
    return undefined
  }
}
