import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

/** How a program ended. */
export interface Ended {
  /** Undefined when it was killed because it took too long. */
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
}

type Environment = Readonly<Record<string, string>>

const UNTIL_STDIN_ENDS = join(import.meta.dirname, '../drivers/until-stdin-ends.mjs')

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) kill(child)
})

/** Runs a program to its end, with this environment and no other. Kills it and its children after `timeoutMs`. */
export async function run(
  command: string,
  args: readonly string[],
  options: {
    readonly env: Environment
    readonly cwd?: string
    readonly stdin?: string
    /** 100 s when left out. */
    readonly timeoutMs?: number
  },
): Promise<Ended> {
  const child = start(command, args, options.env, options.cwd)
  const timer = setTimeout(() => kill(child), options.timeoutMs ?? 100_000)
  child.stdin?.end(options.stdin ?? '')
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    ended(child),
  ])
  clearTimeout(timer)
  return { code, stdout, stderr }
}

/** What a client threw, as it would show it. */
class ClientError extends Error {
  override readonly name = 'ClientError'
  readonly shown: Readonly<Record<string, unknown>>

  constructor(shown: Readonly<Record<string, unknown>>) {
    super(String(shown['message']))
    this.shown = shown
  }
}

/** A client library in a process of its own, asked for one thing after another; see `drivers/`. */
export interface Driver {
  /** Resolves with what the client returned, as JSON. Rejects with `ClientError` when it threw. */
  ask(operation: string, ...args: readonly unknown[]): Promise<unknown>
  /** Ends the process and all it started. */
  close(): Promise<void>
}

interface Reply {
  readonly id: number
  readonly value?: unknown
  readonly error?: Readonly<Record<string, unknown>>
}

/** Starts a script of `drivers/`, which takes a JSON line per question and answers with one. */
export function startDriver(script: string, args: readonly string[], env: Environment): Driver {
  const child = start(process.execPath, [script, ...args], env)
  const open = new Map<number, PromiseWithResolvers<unknown>>()
  let next = 0
  let rest = ''
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const reply: Reply = JSON.parse(line)
      const asked = open.get(reply.id)
      open.delete(reply.id)
      if (reply.error === undefined) asked?.resolve(reply.value)
      else asked?.reject(new ClientError(reply.error))
    }
  })
  const stderr = text(child.stderr)
  const end = (async () => {
    const code = await ended(child)
    const cause = new Error(`the driver ended with ${code}: ${await stderr}`)
    for (const asked of open.values()) asked.reject(cause)
  })()
  return {
    ask: (operation, ...args_) => {
      const asked = Promise.withResolvers<unknown>()
      open.set(next, asked)
      child.stdin?.write(`${JSON.stringify({ id: next, operation, args: args_ })}\n`)
      next += 1
      return asked.promise
    },
    close: async () => {
      child.stdin?.end()
      // It ends by itself when it is well.
      const timer = setTimeout(() => kill(child), 5_000)
      await end
      clearTimeout(timer)
      kill(child)
    },
  }
}

/** Starts a server that says `sign` on either output when it serves. Resolves with how to end it. */
export async function startServer(
  command: string,
  args: readonly string[],
  options: { readonly env: Environment; readonly sign: string },
): Promise<() => Promise<void>> {
  // It ends with this process, however that ends.
  const child = start(process.execPath, [UNTIL_STDIN_ENDS, command, ...args], options.env)
  const end = ended(child)
  let said = ''
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        said += chunk
        if (said.includes(options.sign)) resolve()
      })
    end.then((code) => reject(new Error(`${command} ended with ${code}: ${said}`)), reject)
  })
  return async () => {
    kill(child)
    await end
  }
}

function start(
  command: string,
  args: readonly string[],
  env: Environment,
  cwd?: string,
): ChildProcess {
  // A process group of its own, so that what it starts ends with it.
  const child = spawn(command, [...args], { env, cwd, detached: true, stdio: 'pipe' })
  running.add(child)
  // Who ends early does not read.
  child.stdin?.on('error', () => {})
  return child
}

function ended(child: ChildProcess): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      running.delete(child)
      reject(cause)
    })
    child.once('close', (code) => {
      running.delete(child)
      resolve(code ?? undefined)
    })
  })
}

function kill(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // The whole group is gone already.
  }
}

async function text(stream: NodeJS.ReadableStream | null): Promise<string> {
  const chunks: string[] = []
  for await (const chunk of stream?.setEncoding('utf8') ?? []) chunks.push(String(chunk))
  return chunks.join('')
}
