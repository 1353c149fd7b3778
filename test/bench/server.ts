import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'

import type { Usage } from './functions/report-usage.ts'

/** One function, served by functions-framework in a process of its own. */
export interface Server {
  readonly url: string
  /** From the start of the process until it listens. */
  readonly listeningMs: number
  /** When the process was started, as `performance.now()` counts. */
  readonly startedAt: number
  usage(): Promise<Usage>
  /** The lines it wrote so far. */
  said(): readonly string[]
  /** Resolves once the process has ended, with its children. */
  stop(): Promise<void>
}

export interface Served {
  /** From the root of the repository, or its full path. */
  readonly source: string
  readonly target: string
}

const root = join(import.meta.dirname, '../..')

/** Starts a function; rejects with what it said when it ends before it listens. */
export async function startServer(
  { source, target }: Served,
  env: (url: string) => NodeJS.ProcessEnv,
  nodeOptions: readonly string[] = [],
): Promise<Server> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const startedAt = performance.now()
  const child = spawn(
    process.execPath,
    [
      ...nodeOptions,
      `--import=${join(import.meta.dirname, 'functions/report-usage.ts')}`,
      join(root, 'node_modules/.bin/functions-framework'),
      `--source=${source}`,
      `--target=${target}`,
      `--port=${port}`,
    ],
    {
      cwd: root,
      env: { PATH: process.env['PATH'], ...env(url) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  )
  let lines = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    lines = (lines + chunk.toString()).slice(-1_000_000)
  })
  await listening(child, source)
  const listeningMs = performance.now() - startedAt
  return {
    url,
    listeningMs,
    startedAt,
    said: () => lines.split('\n'),
    usage: async () => {
      if (!child.connected) throw new Error(`${source} has ended`)
      const reply = once(child, 'message')
      child.send('usage')
      const [usage] = (await reply) as [Usage]
      return usage
    },
    stop: async () => {
      if (!child.connected) return
      const exited = once(child, 'exit')
      child.disconnect()
      await exited
    },
  }
}

/** The framework says so once it listens. */
function listening(child: ChildProcess, source: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    const hear = (chunk: Buffer): void => {
      said = (said + chunk.toString()).slice(-4_000)
      if (said.includes('URL: http')) resolve()
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`${source} ended: ${said}`)))
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}
