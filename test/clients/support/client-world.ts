import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { inject } from 'vitest'

import type { SeenRequest } from '../../../infra/local/bigquery/http/router.ts'
import { startOutside } from './outside.ts'
import { type Ended, run } from './program.ts'
import { type HeardEntry, type RecordedCall, recordedCalls } from './recorded-calls.ts'
import { serveDist } from './serve-dist.ts'
import { serveSources } from './serve-sources.ts'

const here = join(import.meta.dirname, '..')
const root = join(here, '../..')

/** How long a query of `lab.slow` takes. One of `lab.endless` takes until it is cancelled. */
const SLOW_MS = 15_000

/** Sluice with the data and the policy of these tests, as the project serves it, and what happens in it. */
export interface ClientWorld {
  /** The gateway's address, without a slash at the end. */
  readonly gateway: string
  readonly port: number
  /** Gone with the world. */
  readonly folder: string
  /** For programs: a home of their own, and no way out of this machine. */
  readonly env: Readonly<Record<string, string>>
  token(name: string): Promise<string>
  /** A credential file by `npx sluice adc`: with a token in a file, or a command that prints one. */
  adc(name: string, source: 'file' | 'command'): Promise<string>
  /** Requests that reached the gateway since `forget`, as `GET /path`, without sign-in. */
  requests(): readonly string[]
  /** `sluice` in a process of its own, for this gateway. */
  sluice(...args: readonly string[]): Promise<Ended>
  /** The record since `forget`. */
  calls(): Promise<readonly RecordedCall[]>
  entries(): Promise<readonly HeardEntry[]>
  /** What BigQuery heard since `forget`. */
  upstream(): readonly SeenRequest[]
  forget(): Promise<void>
  /** Rejects when a program wanted to talk to somebody outside this machine. */
  close(): Promise<void>
}

/** Starts the world, under a policy of this folder. Rejects when the gateway is not ready to serve. */
export async function clientWorld(policy = 'policy.yaml'): Promise<ClientWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-clients-'))
  const over = new AbortController()
  const requests: string[] = []
  const upstream: SeenRequest[] = []
  const outside = await startOutside()
  const stop: (() => Promise<void>)[] = [outside.close]
  const close = async (): Promise<void> => {
    over.abort()
    await Promise.all(stop.map((each) => each()))
    rmSync(folder, { recursive: true, force: true })
  }
  const undo = async (cause: unknown): Promise<never> => {
    await close()
    throw cause
  }
  const serve = inject('clientsOf') === 'dist' ? serveDist : serveSources
  const stack = await serve({
    data: join(here, 'data'),
    policy: join(here, policy),
    folder,
    onRequest: ({ method, url }) => requests.push(`${method} ${url}`),
    onUpstream: (request) => upstream.push(request),
    beforeJob: async (sql) => {
      const ms = /\blab\.slow\b/.test(sql) ? SLOW_MS : /\blab\.endless\b/.test(sql) ? 600_000 : 0
      if (ms > 0) await sleep(ms, undefined, { signal: over.signal }).catch(() => {})
    },
  }).catch(undo)
  stop.push(() => stack.close())
  await ready(stack.gateway).catch(undo)
  const forgotten = new Set<string>()
  const entries = async (): Promise<readonly HeardEntry[]> =>
    (await stack.entries()).filter(({ id }) => !forgotten.has(id))
  const env = {
    PATH: [join(root, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter),
    HOME: folder,
    TMPDIR: folder,
    HTTPS_PROXY: outside.proxy,
    HTTP_PROXY: outside.proxy,
    NO_PROXY: '127.0.0.1,localhost',
    npm_config_update_notifier: 'false',
    NO_GCE_CHECK: 'true',
    METADATA_SERVER_DETECTION: 'none',
  }
  return {
    gateway: stack.gateway,
    port: Number(new URL(stack.gateway).port),
    folder,
    env,
    token: (name) => stack.issuer.token(name),
    adc: async (name, source) => {
      const file = join(folder, `adc-${name}-${source}.json`)
      const token = join(folder, `token-${name}`)
      if (source === 'file') writeFileSync(token, await stack.issuer.token(name))
      const cli = `${process.execPath} ${join(root, 'functions/cli.ts')}`
      const command = `${cli} token --as ${name} --gateway ${stack.gateway} --google-executable-json`
      const from = source === 'file' ? ['--token-file', token] : ['--token-command', command]
      const args = ['sluice', 'adc', '--gateway', stack.gateway, ...from, '--out', file]
      const { code, stderr } = await run('npx', args, { env, cwd: root })
      if (code !== 0) throw new Error(`npx ${args.join(' ')} ended with ${code}: ${stderr}`)
      JSON.parse(readFileSync(file, 'utf8'))
      return file
    },
    sluice: (...args) =>
      run(process.execPath, [join(root, 'functions/cli.ts'), ...args], {
        env: { ...env, SLUICE_GATEWAY: stack.gateway },
      }),
    requests: () => requests.filter((line) => !/ \/(v1|\.well-known)\//.test(line)),
    calls: async () => recordedCalls(await entries()),
    entries,
    upstream: () => [...upstream],
    forget: async () => {
      for (const { id } of await stack.entries()) forgotten.add(id)
      for (const list of [requests, upstream]) list.length = 0
    },
    close: async () => {
      await close()
      if (outside.asked.length > 0)
        throw new Error(`somebody wanted to talk to ${outside.asked.join(', ')}`)
    },
  }
}

/** Its analyzer starts after it listens. */
async function ready(gateway: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one look after another
    const reply = await fetch(`${gateway}/readyz`)
    if (reply.ok) return
    // oxlint-disable-next-line no-await-in-loop
    if (attempt === 100) throw new Error(`the gateway is not ready: ${await reply.text()}`)
    // oxlint-disable-next-line no-await-in-loop
    await sleep(100)
  }
}
