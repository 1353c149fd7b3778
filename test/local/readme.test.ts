import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'

import { variables } from '../../functions/settings.ts'
import { type RunningStack, runStack } from './running-stack.ts'

const run = promisify(execFile)
const Held = z.object({ jobReference: z.object({ jobId: z.string() }) })
const root = join(import.meta.dirname, '../..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
/** What is asked of a seeded day, and how to deploy, have tests of their own. */
const here = readme.replaceAll(/^## (?:Find out who read what|Deploy)$[\s\S]*?(?=^## )/gm, '')
const blocks = [...here.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text)
const [start, tests, ...commands] = blocks
const [explained] = [...readme.matchAll(/^```text\n([\s\S]*?)^```$/gm)].map(([, text]) => text)

test('the first screen has the two commands, and .ci/run runs what they say', () => {
  expect(start).toBe('npm ci && npm start\n')
  expect(tests).toBe('npm ci && npm test\n')
  expect(readme.split('\n').slice(0, 40).join('\n')).toContain('npm ci && npm test')
  const ci = readFileSync(join(root, '.ci/run'), 'utf8')
  for (const line of ['npm ci', 'npm run check', 'npm run test:clients', 'npm test'])
    expect(ci.split('\n')).toContain(line)
})

test('every variable of the environment is described as the code describes it', () => {
  for (const [name, meaning] of Object.entries(variables))
    expect(readme.replaceAll(/ +\|/g, ' |')).toContain(`| \`${name}\` | ${meaning} |`)
})

describe('the commands of the README, in their order', { timeout: 120_000 }, () => {
  let stack: RunningStack
  beforeAll(async () => {
    stack = await runStack()
  }, 60_000)
  afterAll(() => stack.interrupt())

  /** As printed, but for the places that a test must not share with whoever runs `npm start`. */
  const paste = async (block: string): Promise<string> => {
    const line = block
      .replaceAll('http://127.0.0.1:8080', stack.gateway)
      .replaceAll('.sluice/', `${stack.state}/`)
      .replaceAll('npx sluice entries', `npx sluice entries --state ${stack.state}`)
    const env = { ...process.env, SLUICE_GATEWAY: stack.gateway }
    const { stdout } = await run('bash', ['-euc', line], { cwd: root, env, timeout: 60_000 })
    return stdout
  }

  test('Ana reads, is refused, and both are on the record', async () => {
    const [reads = '', refused = '', record = ''] = commands
    expect(JSON.parse(await paste(reads))).toMatchObject({ jobComplete: true, totalRows: '1' })
    expect(JSON.parse(await paste(refused))).toMatchObject({
      error: { code: 403, errors: [{ reason: 'accessDenied' }] },
    })
    const entries = await paste(record)
    expect(entries).toMatch(/ana asks jobs\.query SELECT acme\.hospital\.patients: permitted/)
    expect(entries).toMatch(/ana asks jobs\.query SELECT acme\.finance\.payroll: refused/)
  })

  test('the agent waits for Petra, and what she approves runs', async () => {
    const [asks = '', list = '', approve = ''] = commands.slice(3)
    const reply: unknown = JSON.parse(await paste(asks))
    expect(reply).toMatchObject({ jobComplete: false })
    const [, id = ''] = /^(\w+) +approval-awaited +mcp-agent/m.exec(await paste(list)) ?? []
    expect(await paste(approve.replace('ID', id))).toMatch(
      /^approved: SELECT on acme\.hospital\.claims/,
    )
    const { jobReference } = Held.parse(reply)
    const token = await paste('npx sluice token --as mcp-agent')
    const rows = await fetch(
      `${stack.gateway}/bigquery/v2/projects/acme/queries/${jobReference.jobId}?timeoutMs=20000`,
      { headers: { authorization: `Bearer ${token.trim()}` } },
    )
    expect(await rows.json()).toMatchObject({ jobComplete: true, totalRows: '1' })
  })

  test('Otto exports the record, verifies it offline, and finds nothing that went past it', async () => {
    const [exports = '', verify = '', reconcile = ''] = commands.slice(6)
    await paste(exports)
    expect(await paste(verify)).toMatch(/integrity/i)
    expect(await paste(reconcile)).not.toMatch(/alert/i)
  })

  test('the credential file is written', async () => {
    await paste(commands[9] ?? '')
    const adc: unknown = JSON.parse(readFileSync(join(stack.state, 'adc.json'), 'utf8'))
    expect(adc).toMatchObject({
      type: 'external_account',
      token_url: `${stack.gateway}/v1/token`,
      credential_source: { file: join(stack.state, 'token') },
    })
  })

  test('the policy is good, decides as its cases say, and is explained as printed', async () => {
    const [check = '', cases = '', explain = ''] = commands.slice(10)
    expect(await paste(check)).toMatch(/^infra\/policy\/example\.yaml is good: `[0-9a-f]{64}`\n$/)
    expect(await paste(cases)).toMatch(/^\d+ cases passed\n$/)
    expect(await paste(explain)).toBe(explained)
  })

  test('no command of the README is left out here', () => {
    expect(commands).toHaveLength(13)
  })
})
