import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { parseTrust } from '../../shared/recording/bundle/trust.ts'
import { verifyBundle } from '../../shared/recording/bundle/verify-bundle.ts'
import { goldenRecord } from '../support/golden-record.ts'
import { readBundle } from '../support/second-reader.ts'

const FILE = join(import.meta.dirname, '../../shared/recording/golden.json')

type Golden = Awaited<ReturnType<typeof goldenRecord>>

/** Of the file as it is; nothing before it is there. */
function golden(): Partial<Golden> {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8'))
  } catch {
    return {}
  }
}

test('the vectors are what the code makes, byte for byte', async () => {
  const made = await goldenRecord(golden().ecdsa ?? {})
  await expect(`${JSON.stringify(made, undefined, 2)}\n`).toMatchFileSnapshot(FILE)
})

test.each(['everything', 'session'] as const)(
  'the verifier passes the bundle of %s',
  async (name) => {
    const { trust, bundles } = golden()
    const trusted = parseTrust(JSON.stringify(trust))
    if (!trusted.ok) throw new Error(trusted.error.join())
    const report = await verifyBundle(once(bundles?.[name] ?? ''), {
      trust: trusted.value,
      now: Date.UTC(2027, 0, 1),
      threads: 0,
    })
    expect(report).toMatchObject({ ok: true, value: { integrity: 'sound', problems: [] } })
  },
)

test.each(['everything', 'session'] as const)(
  'somebody with nothing but FORMAT.md can verify the bundle of %s',
  (name) => {
    const { trust, bundles, entries } = golden()
    const read = readBundle(bundles?.[name] ?? '', JSON.stringify(trust))
    expect(read.problems).toEqual([])
    expect(read.entries).toEqual(entries?.map(({ hash }) => hash).slice(0, read.entries.length))
    expect(read.entries.length).toBe(name === 'everything' ? 4 : 3)
  },
)

test('and would see what was changed', () => {
  const { trust, bundles, receipt } = golden()
  const whole = bundles?.everything ?? ''
  const problemsOf = (text: string) => readBundle(text, JSON.stringify(trust)).problems
  expect(problemsOf(whole.replace('"durationMs\\":30', '"durationMs\\":31'))).toEqual(
    expect.arrayContaining(['entry 2: hash', 'root', 'end']),
  )
  expect(problemsOf(whole.replace('an audit', 'no audit'))).toContain('entry 1: commitment')
  expect(problemsOf(whole.replaceAll('sluice.example/golden', 'sluice.example/silver'))).toContain(
    'note',
  )
  expect(receipt?.split('.')).toHaveLength(2)
})

async function* once(text: string) {
  yield Buffer.from(text)
}
