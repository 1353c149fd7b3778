import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { startLocalBigQuery } from '../../../infra/local/bigquery/start-local-bigquery.ts'
import { dataFolder, ENDLESS, SMALL } from '../../support/local-bigquery.ts'

/** The processes of GoogleSQL that descend from one process. */
function enginesOf(parent: number): readonly number[] {
  const listing = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
  const found = listing.matchAll(/^ *(\d+) +(\d+) (.*remote_server.*)$/gm)
  return [...found].filter(([, , ppid]) => Number(ppid) === parent).map(([, pid]) => Number(pid))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const start = (url: string, sql: string) =>
  fetch(`${url}/bigquery/v2/projects/acme/queries`, {
    method: 'POST',
    body: JSON.stringify({ query: sql }),
  })

test('close ends every process, also those that are busy, and what waits for them', async () => {
  const before = enginesOf(process.pid)
  const { url, close } = await startLocalBigQuery({ data: dataFolder(SMALL) })
  const waiting = Array.from({ length: 6 }, () => start(url, ENDLESS).catch(() => 'closed'))
  await expect.poll(() => enginesOf(process.pid).length - before.length).toBe(5)
  await Promise.all([close(), close()])
  expect(enginesOf(process.pid)).toEqual(before)
  expect(await Promise.all(waiting)).toEqual(Array.from({ length: 6 }, () => 'closed'))
  await expect(fetch(url)).rejects.toThrow('fetch failed')
})

test('a start that fails leaves no process behind', async () => {
  const before = enginesOf(process.pid)
  const data = dataFolder({ 'p/d/v.view.sql': 'SELECT nope' })
  await expect(startLocalBigQuery({ data })).rejects.toThrow('Unrecognized name: nope')
  expect(enginesOf(process.pid)).toEqual(before)
})

test('a port that is taken is said, and leaves no process behind', async () => {
  const before = enginesOf(process.pid)
  const first = await startLocalBigQuery({ data: dataFolder(SMALL) })
  onTestFinished(first.close)
  const second = startLocalBigQuery({ data: dataFolder(SMALL), port: first.port })
  await expect(second).rejects.toThrow('EADDRINUSE')
  await first.close()
  expect(enginesOf(process.pid)).toEqual(before)
})

test.each(['SIGTERM', 'SIGKILL'] as const)('%s ends the engines with us', async (signal) => {
  const parent = await parentProcess()
  const { pid = 0 } = parent.child
  start(parent.url, ENDLESS).catch(() => {})
  await expect.poll(() => enginesOf(pid).length).toBeGreaterThan(2)
  const engines = enginesOf(pid)
  parent.child.kill(signal)
  await expect.poll(() => engines.filter(isAlive), { timeout: 5_000 }).toEqual([])
})

async function parentProcess(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const script = join(import.meta.dirname, '../../support/local-bigquery-parent.ts')
  const child = spawn(process.execPath, [script, dataFolder(SMALL)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [output] = await once(child.stdout, 'data')
  return { child, url: String(output).trim() }
}
