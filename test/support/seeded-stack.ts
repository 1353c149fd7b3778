import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { freePort } from './free-port.ts'

const root = join(import.meta.dirname, '../..')
const JSX = ['--import', join(root, 'infra/build/jsx.ts')]
const SEED = join(root, 'infra/local/seed/main.ts')

/** Where a local stack with a day of traffic on its record is served. */
export interface SeededStack {
  readonly gateway: string
  readonly issuer: string
  readonly state: string
  /** What `npm run seed` printed. */
  readonly said: string
}

/** A stack that somebody has to stop. */
export interface RunningSeededStack extends SeededStack {
  /** Ends its processes, and deletes its state. */
  stop(): Promise<void>
}

/** Seeds yesterday in a new folder, and serves it on free ports. Rejects, with nothing left running, when one of them fails. */
export async function startSeededStack(): Promise<RunningSeededStack> {
  const state = mkdtempSync(join(tmpdir(), 'sluice-seeded-'))
  const forget = (): void => rmSync(state, { recursive: true, force: true, maxRetries: 10 })
  const ports = { port: await freePort(), issuer: await freePort(), bigQuery: await freePort() }
  const numbers = [ports.port, ports.issuer, ports.bigQuery].map(String)
  try {
    const options = ['--port', '--issuer-port', '--bigquery-port'].flatMap((name, index) => [
      name,
      numbers[index] ?? '',
    ])
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...JSX, SEED, '--state', state, ...options],
      { cwd: root },
    )
    const child = fork(join(import.meta.dirname, 'seeded-stack-child.ts'), [state, ...numbers], {
      cwd: root,
      execArgv: JSX,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const exited = once(child, 'exit')
    const first = await Promise.race([once(child, 'message'), exited])
    if (first[0] !== 'serving') throw new Error('the seeded stack does not start')
    return {
      gateway: `http://127.0.0.1:${ports.port}`,
      issuer: `http://127.0.0.1:${ports.issuer}`,
      state,
      said: stdout,
      stop: async () => {
        child.kill('SIGTERM')
        await exited
        forget()
      },
    }
  } catch (cause) {
    forget()
    throw cause
  }
}
