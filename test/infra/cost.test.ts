import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'

import { costLines } from '../../infra/cost/cost-lines.ts'
import { costText } from '../../infra/cost/cost-text.ts'
import { listPrices } from '../../infra/cost/prices.ts'
import { readArguments } from '../../infra/cost/read-arguments.ts'
import { readPrices } from '../../infra/cost/read-prices.ts'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'sluice-cost-'))
afterAll(() => rmSync(folder, { recursive: true }))

const volumesOf = (...args: readonly string[]) => {
  const asked = readArguments(args)
  if ('problem' in asked) throw new Error(asked.problem)
  return asked.volumes
}
const linesOf = (...args: readonly string[]) => costLines(volumesOf(...args), listPrices)
const usdOf = (item: string, ...args: readonly string[]): number =>
  linesOf(...args).find((line) => line.item === item)?.usd ?? 0

describe('what a month costs', () => {
  test('two commits and a claim of a million queries are the writes that the record demands', () => {
    const alone = ['--held', '0', '--queries-per-session', '1000000000']
    const [none, million] = ['0', '1000000'].map((queries) =>
      usdOf('writes', ...alone, '--queries', queries),
    )
    // Request, outcome, job and search document, at $0.09 for 100,000.
    expect((million ?? 0) - (none ?? 0)).toBeCloseTo(3.6, 2)
  })

  test('what nobody asks for is paid for keys, schedules and what runs every minute', () => {
    const usd = linesOf('--queries', '0').reduce((sum, line) => sum + line.usd, 0)
    expect(usd).toBeGreaterThan(5)
    expect(usd).toBeLessThan(60)
  })

  test('storage and its backups grow with the age of the record up to what policy keeps', () => {
    const [young, old, older] = ['30', '2192', '9999'].map((age) =>
      usdOf('storage', '--age-days', age),
    )
    expect(young).toBeLessThan((old ?? 0) / 50)
    expect(older).toBe(old)
    expect(usdOf('daily backups', '--backup-days', '7')).toBeCloseTo(
      usdOf('daily backups', '--backup-days', '98') / 14,
      6,
    )
  })

  test('nothing is deleted before the record is as old as policy keeps it', () => {
    expect(usdOf('deletes', '--age-days', '2192')).toBe(0)
    expect(usdOf('deletes')).toBeGreaterThan(0)
  })

  test('held queries and the second tier cost more', () => {
    expect(usdOf('CPU', '--held', '10')).toBeGreaterThan(usdOf('CPU', '--held', '0'))
    expect(usdOf('CPU', '--tier', '2') / usdOf('CPU')).toBeCloseTo(1.4)
  })

  test('every price has a page of Google, and every line its price', () => {
    for (const { source } of Object.values(listPrices))
      expect(source).toMatch(/^https:\/\/cloud\.google\.com\//)
    const text = costText(linesOf('--min-instances', '1'), listPrices)
    expect(text).toContain('Not counted: what BigQuery bills for queries')
    expect(text.split('\n').filter((line) => line.includes('https://')).length).toBeGreaterThan(20)
  })
})

test('prices of a file take the place of those of the list', () => {
  const prices = readPrices('{"run-cpu": {"usd": 0.1, "source": "a contract"}}')
  expect(prices['run-cpu']).toEqual({ usd: 0.1, per: 1, unit: 'vCPU-second', source: 'a contract' })
  expect(prices['run-memory']).toBe(listPrices['run-memory'])
  expect(() => readPrices('{"rum-cpu": {"usd": 1}}')).toThrow('no price `rum-cpu`')
  expect(() => readPrices('{"run-cpu": {"usd": -1}}')).toThrow('not understood')
  expect(() => readPrices('usd: 1')).toThrow('no JSON')
})

test.each([
  [['--queries', 'many'], '--queries is a number'],
  [['--held', '101'], '--held is a number up to 100'],
  [['--at-once', '0'], '--at-once is more than 0'],
  [['--tier', '3'], '--tier is 1 or 2'],
  [['--nosuch'], "Unknown option '--nosuch'"],
])('%j is wrong usage', (args, said) => {
  const asked = readArguments(args)
  expect('problem' in asked && asked.problem).toContain(said)
})

describe('npm run cost', () => {
  const run = promisify(execFile)
  const cost = async (...args: readonly string[]) => {
    try {
      const { stdout, stderr } = await run(process.execPath, ['infra/cost/main.ts', ...args], {
        cwd: root,
      })
      return { code: 0, stdout, stderr }
    } catch (cause) {
      return z.object({ code: z.number(), stdout: z.string(), stderr: z.string() }).parse(cause)
    }
  }

  test('prints without colours where there is no terminal, and JSON when asked', async () => {
    const [text, json] = await Promise.all([
      cost('--queries', '5000'),
      cost('--queries', '5000', '--json'),
    ])
    expect(text).toMatchObject({ code: 0, stderr: '' })
    expect(text.stdout).not.toContain('\u001B[')
    expect(text.stdout).toMatch(/^A month +\d+\.\d\d$/m)
    expect(JSON.parse(json.stdout)).toMatchObject({
      volumes: { queries: 5000 },
      usd: expect.any(Number),
    })
  })

  test('says what is wrong on standard error, with 2 for usage and 1 for a file', async () => {
    const file = join(folder, 'prices.json')
    writeFileSync(file, '{"rum-cpu": {"usd": 1}}')
    const [usage, prices, help] = await Promise.all([
      cost('--queries'),
      cost('--prices', file),
      cost('--help'),
    ])
    expect(usage).toMatchObject({ code: 2, stdout: '' })
    expect(prices).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'error: there is no price `rum-cpu`\n',
    })
    expect(help.code).toBe(0)
    expect(help.stdout).toContain('--queries-per-session N')
  })
})
