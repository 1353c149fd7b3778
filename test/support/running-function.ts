import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { freePort } from './free-port.ts'
import { GATEWAY, ISSUER, POLICY, type Person, publicJwk, signToken } from './people.ts'
import { stubBigQuery } from './stub-bigquery.ts'
import { jsonReply } from './stub-replies.ts'
import { startStubUpstream } from './stub-upstream.ts'

const root = join(import.meta.dirname, '../..')

/** The environment that is changed from a good one; undefined: not set. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * `functions/gateway.ts` as functions-framework runs it, in a process of its own, in front of stubs
 * of the issuer and of BigQuery. Resolves once it listens.
 */
export async function runFunction(
  change: Environment = {},
  policy: (good: string) => string = (good) => good,
) {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-function-'))
  const bigQuery = stubBigQuery()
  const [upstream, issuer, port] = await Promise.all([
    startStubUpstream(bigQuery.respond),
    startStubUpstream(),
    freePort(),
  ])
  const url = `http://127.0.0.1:${port}`
  const { origin } = issuer.url
  issuer.respond((request, response) =>
    jsonReply(
      200,
      request.path === '/jwks'
        ? { keys: [publicJwk] }
        : { issuer: origin, jwks_uri: `${origin}/jwks` },
    )(request, response),
  )
  const good = POLICY.replaceAll(ISSUER, origin).replaceAll(GATEWAY, url)
  writeFileSync(join(folder, 'policy.yaml'), policy(good))

  const env = {
    PATH: process.env['PATH'],
    METADATA_SERVER_DETECTION: 'none',
    SLUICE_POLICY: join(folder, 'policy.yaml'),
    SLUICE_URL: url,
    SLUICE_STORE: `sqlite:${join(folder, 'record.sqlite')}`,
    SLUICE_SIGNING_KEY: `file:${join(folder, 'key.json')}`,
    SLUICE_RECORD_KEYS: `file:${join(folder, 'record-keys.json')}`,
    SLUICE_BIGQUERY_URL: upstream.url.href,
    ...change,
  }
  const child = spawn(
    process.execPath,
    [
      join(root, 'node_modules/.bin/functions-framework'),
      '--source=functions/gateway.ts',
      '--target=gateway',
      `--port=${port}`,
    ],
    { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const exited = once(child, 'exit')
  // Others may have the machine.
  for (let i = 0; i < 2_000 && !output.includes('URL: http'); i++) {
    if (child.exitCode !== null) throw new Error(`the function ended: ${output}`)
    await wait(25)
  }

  const here = {
    url,
    folder,
    bigQuery,
    upstream,
    /** What it wrote to standard output and standard error so far. */
    output: () => output,
    token: (name: Person) => signToken(name, Date.now(), { iss: origin, aud: url }),
    /** A request as somebody; as nobody without `as`. */
    request: async (path: string, init: RequestInit & { readonly as?: Person } = {}) => {
      const { as, ...rest } = init
      const headers = new Headers(rest.headers)
      if (as !== undefined) headers.set('authorization', `Bearer ${await here.token(as)}`)
      return fetch(`${url}${path}`, { ...rest, headers })
    },
    /** Resolves once `/readyz` says so. */
    ready: async (): Promise<void> => {
      for (let i = 0; i < 400; i++) {
        if ((await fetch(`${url}/readyz`)).status === 200) return
        await wait(25)
      }
      throw new Error(`not ready: ${output}`)
    },
    /** Most memory it ever held, in bytes; undefined where the system does not say. */
    peakMemory: (): number | undefined => {
      if (process.platform !== 'linux') return undefined
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
      return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024
    },
    /** Ends the process alone; how it ended. */
    end: async (signal: NodeJS.Signals) => {
      child.kill(signal)
      await exited
      return child.exitCode ?? child.signalCode
    },
    /** How it ended. */
    stop: async (signal: NodeJS.Signals = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      await exited
      await Promise.all([upstream.close(), issuer.close()])
      rmSync(folder, { recursive: true, force: true })
      return child.exitCode ?? child.signalCode
    },
  }
  return here
}

export type RunningFunction = Awaited<ReturnType<typeof runFunction>>
