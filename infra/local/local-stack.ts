import { mkdirSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, createServer } from 'node:http'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { getRequestListener } from '@hono/node-server'
import { z } from 'zod'

import type { OnEntry } from '../../functions/observed.ts'
import { type Gateway, type Work, gateway } from '../../functions/wiring.ts'
import { pubSubPuller } from '../../shared/adapters/pubsub/pubsub-puller.ts'
import { consoleApp } from '../../shared/console/pages/console-app.ts'
import {
  type LocalBigQuery,
  type LocalBigQueryOptions,
  startLocalBigQuery,
} from './bigquery/start-local-bigquery.ts'
import { type LocalIssuer, startLocalIssuer } from './issuer/start-local-issuer.ts'
import { policyCopy } from './policy-copy.ts'

export interface LocalStackOptions {
  /** 0: any free port. */
  readonly port: number
  readonly issuerPort: number
  readonly bigqueryPort: number
  /** Default: the sample hospital. */
  readonly data?: string
  /** Default: the example policy. */
  readonly policy?: string
  /** Made when missing. Holds the record, the gateway's and the issuer's keys, the policy in force. */
  readonly state: string
  /** Carries approvals over Pub/Sub topics of this project in place of a queue in this process. */
  readonly pubsubProject?: string
  readonly onEntry?: OnEntry
  /** `by-hand`: the record is swept and sealed when `LocalStack.upkeep` is called, and never by itself. */
  readonly upkeep?: 'by-hand'
  /** How many proxies are believed to stand in front, for the callers' addresses. Default: none. */
  readonly proxyHops?: number
  /** For tests: called with every request that reaches the gateway. */
  readonly onRequest?: (request: IncomingMessage) => void
  /** For tests: the local BigQuery's own hooks. */
  readonly bigQuery?: Pick<LocalBigQueryOptions, 'beforeJob' | 'onRequest' | 'workers'>
}

export interface LocalStack {
  readonly gateway: string
  readonly issuer: LocalIssuer
  readonly bigQuery: LocalBigQuery
  readonly state: string
  readonly policy: string
  /** Sweeps and seals the record once. Rejects when it cannot be done. */
  upkeep(): Promise<void>
  /** Ends every server and child process. */
  close(): Promise<void>
}

/** The addresses the example policy is written with; on other ports they follow. */
const WRITTEN_GATEWAY = 'http://127.0.0.1:8080'
const WRITTEN_ISSUER = 'http://127.0.0.1:8081'

/**
 * Starts gateway, OIDC issuer, local BigQuery and store on loopback. Rejects, with nothing left
 * running, when one of them cannot start.
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const state = resolve(options.state)
  mkdirSync(state, { recursive: true, mode: 0o700 })
  const startedAt = Date.now()
  const running: (() => Promise<unknown>)[] = []
  const close = async (): Promise<void> => {
    await Promise.all(running.map((stop) => stop()))
  }
  try {
    const door = await listen(options.port, '--port', options.onRequest)
    running.push(() => door.close())
    const bigQuery = await startLocalBigQuery({
      ...options.bigQuery,
      port: options.bigqueryPort,
      data: options.data ?? join(import.meta.dirname, 'data'),
      // What the example policy has as a sandbox.
      copies: { 'acme-sandbox': 'acme' },
    }).catch((cause: unknown) => {
      throw named(cause, '--bigquery-port')
    })
    running.push(() => bigQuery.close())
    const issuer = await startLocalIssuer({
      port: options.issuerPort,
      identities: join(import.meta.dirname, 'identities.yaml'),
      audience: door.url,
      keysFile: join(state, 'issuer-keys.json'),
      signInRedirectUris: [`${door.url}/v1/callback`, `${door.url}/console/callback`],
    }).catch((cause: unknown) => {
      throw named(cause, '--issuer-port')
    })
    running.push(() => issuer.close())

    const written = options.policy ?? join(import.meta.dirname, '../policy/example.yaml')
    const policy = join(state, 'policy.yaml')
    const unfollow = policyCopy(written, policy, (text) =>
      text.replaceAll(WRITTEN_ISSUER, issuer.url).replaceAll(WRITTEN_GATEWAY, door.url),
    )
    running.push(async () => unfollow())
    const served = await gateway(
      {
        SLUICE_URL: door.url,
        SLUICE_POLICY: policy,
        SLUICE_STORE: `sqlite:${join(state, 'record.sqlite')}`,
        SLUICE_SIGNING_KEY: `file:${join(state, 'gateway-key.json')}`,
        SLUICE_RECORD_KEYS: `file:${join(state, 'record-keys.json')}`,
        SLUICE_LOG: 'localhost/sluice',
        SLUICE_LOG_OBJECTS: `folder:${join(state, 'log')}`,
        SLUICE_BIGQUERY_URL: bigQuery.url,
        SLUICE_PUBSUB_PROJECT: options.pubsubProject,
        SLUICE_PROXY_HOPS: options.proxyHops?.toString(),
      },
      {
        ...(options.onEntry === undefined ? {} : { onEntry: options.onEntry }),
        pages: consoleApp,
        // It shows each job at once, and forgets all of them when it ends.
        jobsKnown: { since: startedAt, lagMs: 0 },
      },
    )
    running.unshift(() => served.close())
    door.open(served)
    await untilReady(door.url)
    await leaveTrust(served, state)
    if (options.upkeep === undefined) running.unshift(sweeping(served), sealing(served))
    if (options.pubsubProject !== undefined)
      running.unshift(await pulling(served, options.pubsubProject))
    const upkeep = async (): Promise<void> => {
      await served.desk?.(({ sweep }) => sweep())
      await served.desk?.(async ({ seal }) => seal?.())
    }
    return { gateway: door.url, issuer, bigQuery, state, policy: written, upkeep, close }
  } catch (cause) {
    await close()
    throw cause
  }
}

/** What Cloud Scheduler does on Google Cloud, more often. Returns what ends it. */
function sweeping(served: Gateway): () => Promise<void> {
  const ended = new AbortController()
  const done = (async () => {
    while (await pause(SWEEP_EVERY_MS, ended.signal))
      // What fails is logged, and done again by the next.
      await served.desk?.(({ sweep }) => sweep()).catch(() => {})
  })()
  return async () => {
    ended.abort()
    await done
  }
}

/** Likewise seals the record. Returns what ends it. */
function sealing(served: Gateway): () => Promise<void> {
  const ended = new AbortController()
  const done = (async () => {
    do
      await served
        .desk?.(async ({ seal, retain }) => {
          await seal?.()
          await retain?.()
        })
        .catch(() => {})
    while (await pause(SEAL_EVERY_MS, ended.signal))
  })()
  return async () => {
    ended.abort()
    await done
  }
}

/** Leaves what a verifier needs to believe in the state folder. */
async function leaveTrust(served: Gateway, state: string): Promise<void> {
  const trust = await served.desk?.(async (work) => work.trust?.())
  if (trust !== undefined) writeFileSync(join(state, 'trust.json'), trust)
}

/** Receives what Pub/Sub would push to the functions on Google Cloud. Returns what ends it. */
async function pulling(served: Gateway, projectId: string): Promise<() => Promise<void>> {
  const desk = <T>(work: (desk: Work) => Promise<T>): Promise<T> =>
    served.desk === undefined ? Promise.reject(new Error('not ready')) : served.desk(work)
  const puller = await pubSubPuller({
    projectId,
    topics: ['approval-requests', 'approval-decisions'],
    receive: {
      'dev.sluice.approval.requested': (message) =>
        desk(async ({ receive }) => receive['dev.sluice.approval.requested']?.(message)),
      'dev.sluice.approval.vote': (message) =>
        desk(async ({ receive }) => receive['dev.sluice.approval.vote']?.(message)),
    },
    // It is delivered again.
    onFailure: () => {},
  })
  return () => puller.close()
}

const SWEEP_EVERY_MS = 2_000
const SEAL_EVERY_MS = 2_000

/** Resolves true after `ms`, false as soon as `signal` fires. */
async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await wait(ms, undefined, { signal })
    return true
  } catch {
    return false
  }
}

const NotReady = z.object({ reasons: z.array(z.string()) })

/** Resolves once the gateway can serve; rejects with its reasons when it does not within 5 s. */
async function untilReady(gatewayUrl: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    // oxlint-disable-next-line no-await-in-loop -- each look waits for the one before
    const reply = await fetch(`${gatewayUrl}/readyz`)
    if (reply.ok) return
    if (tries === 50) {
      const { reasons } = NotReady.parse(await reply.json())
      throw new Error(`the gateway cannot serve\n  ${reasons.join('\n  ')}`)
    }
    // oxlint-disable-next-line no-await-in-loop
    await wait(100)
  }
}

interface Door {
  readonly url: string
  open(served: Gateway): void
  close(): Promise<void>
}

/** Takes the port first: issuer and policy must know it before there is a gateway. */
function listen(
  port: number,
  option: string,
  onRequest: LocalStackOptions['onRequest'],
): Promise<Door> {
  let listener: ReturnType<typeof getRequestListener> | undefined
  const server = createServer((request, response) => {
    onRequest?.(request)
    if (listener === undefined) response.writeHead(503).end()
    else void listener(request, response)
  })
  return new Promise((done, failed) => {
    server.once('error', (cause) => failed(named(cause, option)))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      const bound = typeof address === 'object' && address !== null ? address.port : port
      done({
        url: `http://127.0.0.1:${bound}`,
        open: (served) => {
          listener = getRequestListener(served.fetch, { overrideGlobalObjects: false })
        },
        close: () =>
          new Promise((closed) => {
            server.close(() => closed())
            server.closeAllConnections()
          }),
      })
    })
  })
}

/** Says which option helps when a port is taken. */
function named(cause: unknown, option: string): unknown {
  return cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE'
    ? new Error(`${cause.message}; choose another port with ${option}`, { cause })
    : cause
}
