import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { beforeAll, expect, test } from 'vitest'

import { encodeReceipt } from '../../../shared/recording/receipt.ts'
import { encodeVerifierKey } from '../../../shared/tlog/verifier-key-text.ts'
import { bundleOf, encodeBundle } from '../../support/record-bundle.ts'
import { ORIGIN, recordLog } from '../../support/record-log.ts'
import { closeSession, idOf, openSession, writeCall } from '../../support/record-story.ts'
import { runSluice } from '../../support/run-sluice.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-verify-'))
const path = (name: string): string => join(folder, name)
const verify = (...args: readonly string[]) =>
  runSluice('verify', ...args, '--trust', path('trust.json'))

beforeAll(async () => {
  const log = await recordLog(Date.now() - 60_000)
  const writer = await log.openWriter()
  openSession(log, writer, 'one', 'ana')
  const of = { log, writer, who: 'ana', session: 'one' }
  const request = writeCall({ ...of, name: 'first' })
  log.seal()
  writeFileSync(path('early.note'), await log.note())
  writeCall({ ...of, name: 'second' })
  closeSession(log, writer, 'one')
  log.seal()
  const lines = await bundleOf(log, { all: true })
  writeFileSync(path('good.ndjson'), encodeBundle(lines))
  writeFileSync(path('cut.ndjson'), encodeBundle(lines).subarray(0, -10))
  writeFileSync(path('late.note'), await log.note())
  writeFileSync(path('back.ndjson'), encodeBundle(await bundleOf(log, { all: true }, { size: 6 })))
  const session = (await bundleOf(log, { session: idOf('one') })).filter(({ t }) => t !== 'private')
  const short = session.filter(
    (line) => !('entry' in line && line.entry.includes(`${idOf('first')}~`)),
  )
  const incomplete = short.map((line) => ('private' in line ? { ...line, private: false } : line))
  writeFileSync(path('incomplete.ndjson'), encodeBundle(incomplete))
  const { origin, keys, witnesses, authorities } = log.trust
  const trust = {
    v: 1,
    log: origin,
    keys: keys.map(encodeVerifierKey),
    writerAuthorities: authorities.map(({ publicKey }) => ({ publicKey })),
    witnesses: witnesses.map(encodeVerifierKey),
    quorum: 1,
  }
  writeFileSync(path('trust.json'), JSON.stringify(trust))
  writeFileSync(path('odd-trust.json'), JSON.stringify({ ...trust, keys: [], quorum: 3 }))
  const receipt = (entry: string) =>
    encodeReceipt(
      { v: 1, by: log.time.now, entry, hash: request.hash, log: ORIGIN, writer: writer.id },
      (message) => writer.sign(message),
    )
  mkdirSync(path('kept/folder'), { recursive: true })
  writeFileSync(path('kept/one'), `Sluice-Receipt: ${receipt(request.id)}\r\n\n`)
  mkdirSync(path('lost'))
  writeFileSync(path('lost/two'), `${receipt(request.id)}\n${receipt('lost~end')}`)
})

test('says that a bundle is sound and complete, and what it did not check', async () => {
  const { code, out, err } = await verify(path('good.ndjson'))
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(/^integrity {5}sound\ncompleteness {2}complete\n/)
  expect(out).toContain('everything in the log `sluice.example/record` of 10 leaves')
  expect(out).toContain(
    'Verified: 10 entries, 4 sets of private facts, 2 calls, 2 writers, 2 batches',
  )
  expect(out).toContain('- whether the log only ever grew: give an earlier checkpoint')
})

test.each([
  ['an earlier checkpoint', ['good.ndjson', '--previous', 'early.note'], 0],
  ['a later checkpoint', ['back.ndjson', '--previous', 'late.note'], 1],
  ['a bundle that is cut off', ['cut.ndjson'], 1],
  ['a session that lacks a call', ['incomplete.ndjson'], 2],
  ['a receipt that is answered', ['good.ndjson', '--receipts', 'kept'], 0],
  ['a receipt that is not', ['good.ndjson', '--receipts', 'lost'], 2],
  ['no such bundle', ['none.ndjson'], 3],
  ['no bundle', ['trust.json'], 3],
  ['no checkpoint', ['good.ndjson', '--previous', 'trust.json'], 3],
  ['no folder', ['good.ndjson', '--receipts', 'none'], 3],
  ['two bundles', ['good.ndjson', 'good.ndjson'], 3],
  ['an unknown option', ['good.ndjson', '--fast'], 3],
])('%s', async (_, args, code) => {
  const files = args.map((arg) => (arg.startsWith('--') ? arg : path(arg)))
  const run = await verify(...files)
  expect(run.code).toBe(code)
  const isAnswered = code < 3
  expect(run.err).toMatch(isAnswered ? /^$/ : /^error: [^\n]+\n$/)
  expect(run.out !== '').toBe(isAnswered)
})

test('names the first bad entry, and what is wrong', async () => {
  const { out } = await verify(path('incomplete.ndjson'))
  expect(out).toContain('integrity     sound\ncompleteness  incomplete')
  expect(out).toMatch(
    /What is wrong, the first first:\n- completeness: session `\w+` had 5 entries when it was closed, and 3 are here\n/,
  )
})

test('writes everything for machines', async () => {
  const { code, out } = await verify(path('cut.ndjson'), '--json')
  expect(code).toBe(1)
  expect(JSON.parse(out)).toMatchObject({
    integrity: 'broken',
    completeness: 'not-checked',
    problems: [{ kind: 'bundle-cut-off', verdict: 'integrity' }],
    covered: { entries: 10 },
    bundle: { scope: { all: true } },
  })
})

test('says everything that is wrong with a trust file', async () => {
  const { code, err } = await runSluice(
    'verify',
    path('good.ndjson'),
    '--trust',
    path('odd-trust.json'),
  )
  expect(code).toBe(3)
  expect(err).toContain('`keys` is empty')
  expect(err).toContain('`quorum` asks for 3 witnesses')
})

test('explains its exit codes', async () => {
  const { code, out } = await runSluice('verify', '--help')
  expect(code).toBe(0)
  expect(out).toContain('  2   sound, and something is missing')
  expect(out).not.toContain('Exit codes: 0 done')
  expect((await runSluice('stops', '--help')).out).toContain('Exit codes: 0 done')
  expect((await runSluice('verify', path('good.ndjson'))).code).toBe(3)
})
