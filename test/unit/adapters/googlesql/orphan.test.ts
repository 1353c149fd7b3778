import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { processesMentioning, until } from '../../../support/processes.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orphan-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** A process of ours with a GoogleSQL of its own, whose socket lies in `folder`. */
async function parent(ending: string): Promise<ChildProcess> {
  const process = spawn(
    globalThis.process.execPath,
    [fileURLToPath(new URL('../../../support/googlesql-parent.ts', import.meta.url)), ending],
    { env: { ...globalThis.process.env, TMPDIR: folder }, stdio: ['ignore', 'pipe', 'ignore'] },
  )
  if (process.stdout === null) throw new Error('no stdout')
  await once(process.stdout, 'data')
  return process
}

/** No process and no socket is left. */
async function nothingRemains(): Promise<void> {
  await until(() => processesMentioning(folder).length === 0)
  await until(() => readdirSync(folder).length === 0)
}

test.each(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  'GoogleSQL dies with a process that dies of %s',
  async (signal) => {
    const process = await parent('stay')
    expect(processesMentioning(folder)).not.toEqual([])
    const exit = once(process, 'exit')
    process.kill(signal)
    // We listen to no signal, so none loses its effect.
    expect(await exit).toEqual([null, signal])
    await nothingRemains()
  },
)

test.each([
  ['process.exit', 'exit', 0],
  ['an uncaught exception', 'throw', 1],
  ['nothing left to do', 'return', 0],
])('GoogleSQL dies with a process that ends by %s', async (_name, ending, code) => {
  const process = await parent(ending)
  if (process.exitCode === null) await once(process, 'exit')
  expect(process.exitCode).toBe(code)
  await nothingRemains()
})
