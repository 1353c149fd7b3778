import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const root = join(import.meta.dirname, '../..')

/** `npm start` as a person runs it, in a process group of its own as a terminal would. */
export interface RunningStack {
  readonly child: ChildProcess
  readonly gateway: string
  /** Its state folder; gone once it is interrupted. */
  readonly state: string
  /** What it printed so far. */
  output(): string
  /** Every process it started that is still there, itself included. */
  processes(): readonly number[]
  /** Ctrl-C; how it ended. Once it has, nothing more happens. */
  interrupt(): Promise<number | NodeJS.Signals | null>
}

/** Starts `npm start` on free ports with a new state folder; resolves once it says it is ready. */
export async function runStack(): Promise<RunningStack> {
  const state = mkdtempSync(join(tmpdir(), 'sluice-state-'))
  const ports = ['--port', '--issuer-port', '--bigquery-port'].flatMap((name) => [name, '0'])
  const child = spawn('npm', ['start', '--silent', '--', ...ports, '--state', state], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const exited = once(child, 'exit')
  const end = (signal: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal)
    } catch {
      // It has ended.
    }
  }
  process.once('exit', () => end('SIGKILL'))
  while (!output.includes('Stop with Ctrl-C')) {
    // oxlint-disable-next-line no-await-in-loop
    await Promise.race([exited, wait(50)])
    if (child.exitCode !== null) throw new Error(`npm start ended: ${output}`)
  }
  return {
    child,
    state,
    gateway: /gateway +(\S+)/.exec(output)?.[1] ?? '',
    output: () => output,
    processes: () => (child.pid === undefined ? [] : family(child.pid)),
    interrupt: async () => {
      const all = child.pid === undefined ? [] : family(child.pid)
      end('SIGINT')
      await exited
      // npm returns at once; what it started has a moment to end.
      const deadline = AbortSignal.timeout(5_000)
      // oxlint-disable-next-line no-await-in-loop
      while (all.some(isAlive) && !deadline.aborted) await wait(20)
      rmSync(state, { recursive: true, force: true, maxRetries: 10 })
      return child.exitCode ?? child.signalCode
    },
  }
}

/** A process and all that descend from it, by the table of the system. */
function family(pid: number): readonly number[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  const found = [pid]
  for (const parent of found)
    for (const [child, ppid] of table) if (ppid === parent && child !== undefined) found.push(child)
  return found.filter((id) => table.some(([known]) => known === id))
}

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
