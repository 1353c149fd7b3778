import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { type RunningStack, isAlive, runStack } from './running-stack.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')

/** Runs a line as a person pastes it: in a shell, in the root of the repository. */
async function paste(line: string): Promise<string> {
  const { stdout } = await run('bash', ['-c', line], {
    cwd: root,
    env: { ...process.env, CLOUDSDK_CORE_DISABLE_PROMPTS: '1' },
    timeout: 60_000,
  })
  return stdout
}

const commandFor = (stack: RunningStack, client: RegExp): string =>
  stack
    .output()
    .split('\n')
    .find((line) => client.test(line.trim()))
    ?.trim() ?? ''

const hasBq = await paste('command -v bq || true').then((path) => path.trim() !== '')

describe('npm start', { timeout: 120_000 }, () => {
  let stack: RunningStack
  beforeAll(async () => {
    stack = await runStack()
  }, 60_000)
  afterAll(() => stack.interrupt())

  test('the printed curl command returns rows', async () => {
    const reply: unknown = JSON.parse(await paste(commandFor(stack, /^curl /)))
    expect(reply).toMatchObject({ jobComplete: true, totalRows: '3' })
  })

  test.skipIf(!hasBq)('the printed bq command returns rows (needs bq on the PATH)', async () => {
    expect(await paste(commandFor(stack, /^bq /))).toMatch(/\|\s+name\s+\|\s+birth_date/)
  })

  test('the printed Node command returns rows', async () => {
    expect(await paste(commandFor(stack, /^npx sluice token .*node -e/))).toMatch(/birth_date/)
  })

  test('every call is shown as it is recorded', async () => {
    await paste(commandFor(stack, /^curl /))
    expect(stack.output()).toMatch(
      /ana asks jobs\.query SELECT acme\.hospital\.patients: permitted/,
    )
    expect(stack.output()).toMatch(/released: 3 of 3 rows/)
  })

  test('it listens on loopback only', async () => {
    const { port } = new URL(stack.gateway)
    const listening = await paste(`ss -ltnH 'sport = :${port}' 2>/dev/null || true`)
    expect(listening).toContain(`127.0.0.1:${port}`)
    expect(listening).not.toMatch(new RegExp(`(0\\.0\\.0\\.0|\\*|\\[::\\]):${port}`))
  })

  test('a port that is taken is named with the option that helps', async () => {
    const { port } = new URL(stack.gateway)
    const second = run('npm', ['start', '--silent', '--', '--port', port], { cwd: root })
    await expect(second).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/choose another port with --port/),
    })
  })

  // The last one: nothing is left for another.
  test('Ctrl-C stops it cleanly and leaves no process behind', async () => {
    const before = stack.processes()
    expect(before.length).toBeGreaterThan(1)
    // npm itself ends by the signal when its script has ended.
    expect([0, 'SIGINT']).toContain(await stack.interrupt())
    // The shell returns at once; what it started has a moment to end.
    await expect.poll(() => before.filter(isAlive), { timeout: 5_000 }).toEqual([])
  })
})

test('--help lists every option', async () => {
  const help = await paste('npm start --silent -- --help')
  for (const option of [
    '--port',
    '--issuer-port',
    '--bigquery-port',
    '--data',
    '--policy',
    '--state',
    '--quiet',
  ])
    expect(help).toContain(option)
})
