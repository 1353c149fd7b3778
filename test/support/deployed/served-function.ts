import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const root = join(import.meta.dirname, '../../..')

/** A built function that somebody has to stop. */
export interface ServedFunction {
  /** What it wrote to its log so far. */
  output(): string
  /** Ends it as the platform would. */
  stop(): Promise<void>
}

interface ServeOptions {
  /** The folder of the builds; undefined: `functions/<name>.ts`. */
  readonly dist: string | undefined
  readonly port: number
  readonly env: Readonly<Record<string, string | undefined>>
  /** Modules that it loads first. */
  readonly imports?: readonly string[] | undefined
}

/** Serves a function by functions-framework in a process of its own. Resolves once it listens; rejects with what it wrote. */
export async function serveFunction(
  name: string,
  { dist, port, env, imports = [] }: ServeOptions,
): Promise<ServedFunction> {
  const isSource = dist === undefined
  const source = isSource ? `functions/${name}.ts` : join(dist, name)
  const first = [...(isSource ? [join(root, 'infra/build/jsx.ts')] : []), ...imports]
  const child = spawn(
    process.execPath,
    [
      ...first.map((each) => `--import=${each}`),
      join(root, 'node_modules/.bin/functions-framework'),
      `--source=${source}`,
      `--target=${name}`,
      `--port=${port}`,
    ],
    { cwd: isSource ? root : source, env, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const served = { output: () => output, stop: () => stop(child) }
  for (let tries = 0; tries < 2_400; tries += 1) {
    if (output.includes('URL: http')) return served
    if (child.exitCode !== null) throw new Error(`${name} ended: ${output}`)
    await wait(25)
  }
  await served.stop()
  throw new Error(`${name} does not start: ${output}`)
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
}
