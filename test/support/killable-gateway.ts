import { fork } from 'node:child_process'
import { once } from 'node:events'

import { COMPILED, childFile } from './child-file.ts'
import type { Fault } from './faulty-store.ts'
import { until } from './processes.ts'

/** What a test tells the process. */
export type Told =
  | { readonly fault: Fault }
  | { readonly goOn: true }
  /** By how many milliseconds its clock is ahead. */
  | { readonly ahead: number }

/** What the process says. */
export type Said =
  | { readonly listening: string }
  | { readonly reached: Fault }
  | { readonly heard: Told }

/** The gateway in a process of its own. */
export interface KillableGateway {
  /** Where it listens. */
  readonly url: string
  /** Resolves once it has heard. */
  tell(told: Told): Promise<void>
  /** Resolves once it came to where a fault is, this often in all. */
  reached(times?: number): Promise<void>
  /** Resolves once it is gone. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
}

/** `gateway-child.ts` with this environment, and nothing else in it. Resolves once it listens. */
export async function killableGateway(
  env: Readonly<Record<string, string>>,
): Promise<KillableGateway> {
  const child = fork(await childFile('gateway-child'), {
    env: { PATH: process.env['PATH'], METADATA_SERVER_DETECTION: 'none', ...COMPILED, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const exited = once(child, 'exit')
  const said: Said[] = []
  child.on('message', (message: Said) => said.push(message))
  const hear = async (isIt: () => boolean): Promise<void> => {
    await until(() => isIt() || child.exitCode !== null, 60_000).catch((cause: unknown) => {
      throw new Error(`it has not said so: ${output}`, { cause })
    })
    if (!isIt()) throw new Error(`it ended: ${output}`)
  }
  const count = (kind: 'heard' | 'reached') => said.filter((each) => kind in each).length

  await hear(() => said.length > 0)
  const [first] = said
  if (first === undefined || !('listening' in first))
    throw new Error(`it does not serve: ${output}`)
  return {
    url: first.listening,
    tell: async (told) => {
      const before = count('heard')
      child.send(told)
      await hear(() => count('heard') > before)
    },
    reached: (times = 1) => hear(() => count('reached') >= times),
    end: async (signal) => {
      child.kill(signal)
      await exited
    },
  }
}
