import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import type { SeenRequest } from '../../infra/local/bigquery/http/router.ts'
import {
  type LocalBigQueryOptions,
  startLocalBigQuery,
} from '../../infra/local/bigquery/start-local-bigquery.ts'
import { startLocalIssuer } from '../../infra/local/issuer/start-local-issuer.ts'
import { recordKeyFile } from '../../shared/adapters/key-file/record-key-file.ts'
import { trustText } from '../../shared/recording/log/trust-text.ts'
import { createTopics } from './deployed/approval-topics.ts'
import { startFrontDoor } from './deployed/front-door.ts'
import { functionEnvironment } from './deployed/function-environment.ts'
import { startGooglePushes } from './deployed/google-pushes.ts'
import { keptEntries } from './deployed/kept-entries.ts'
import { type ServedFunction, serveFunction } from './deployed/served-function.ts'
import { freePort } from './free-port.ts'
import { startSlackStandIn } from './slack-stand-in.ts'

const root = join(import.meta.dirname, '../..')

const ofApprovals = [
  'gateway',
  'approval-notifier',
  'approval-resolver',
  'slack',
  'sweeper',
] as const
export type Name =
  | (typeof ofApprovals)[number]
  | 'console'
  | 'log-publisher'
  | 'reconciler'
  | 'retainer'

/** What differs from how functions are deployed here by themselves. */
interface Changes {
  /** Added to the environment of a function; undefined takes something away. */
  readonly environment?: (
    name: Name,
    urlOf: (name: Name) => string,
  ) => Readonly<Record<string, string | undefined>>
  /** Modules that each process loads first. */
  readonly imports?: readonly string[]
  readonly policy?: (usual: string) => string
  /** A policy file, written for the addresses of the local stack; default: the example. */
  readonly policyFile?: string
  /** A data folder; default: the sample hospital. */
  readonly data?: string
  /** Hears of every message that Pub/Sub pushes, as it is pushed. */
  readonly onPush?: (body: Buffer) => void
  /** Hears of every request to the gateway when it comes in. */
  readonly onRequest?: (request: IncomingMessage) => void
  readonly bigQuery?: Pick<LocalBigQueryOptions, 'beforeJob' | 'onRequest' | 'workers'>
}

/**
 * Functions as functions-framework serves them, each in a process of its own, on Google's emulators of
 * Firestore and Pub/Sub, in front of the local BigQuery, the local issuer and the Slack stand-in. Between Pub/Sub and
 * the functions stands what the emulator leaves out: somebody who signs pushes as Google does. Rejects, with nothing left
 * running, when one of them does not start.
 */
export async function deployFunctions(
  /** Hosts of the emulators; the folder of the builds, without which the sources are served. */
  on: { readonly firestore: string; readonly pubSub: string; readonly dist?: string },
  /** The first is the gateway. */
  names: readonly Name[] = ofApprovals,
  changes: Changes = {},
) {
  const { data = join(root, 'infra/local/data'), onRequest } = changes
  const folder = mkdtempSync(join(tmpdir(), 'sluice-deployed-'))
  const project = `deployed-${randomUUID().slice(0, 8)}`
  const upstream: SeenRequest[] = []
  const undo: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
  const running = new Map<Name, ServedFunction>()
  const close = async (): Promise<void> => {
    await Promise.all([...running.values()].map((each) => each.stop()))
    for (const each of undo.toReversed()) await each()
  }
  const kept = <Part extends { close(): unknown }>(part: Part): Part => {
    undo.push(() => part.close())
    return part
  }
  try {
    const ports = new Map(
      await Promise.all(names.map(async (name) => [name, await freePort()] as const)),
    )
    const servedAt = (name: Name) => `http://127.0.0.1:${ports.get(name)}`
    const door = onRequest && kept(await startFrontDoor(onRequest))
    door?.open(servedAt('gateway'))
    const gateway = door?.url ?? servedAt('gateway')
    const urlOf = (name: Name) => (name === 'gateway' ? gateway : servedAt(name))
    const hear = (request: SeenRequest): void => {
      upstream.push(request)
      changes.bigQuery?.onRequest?.(request)
    }
    const bigQuery = kept(
      await startLocalBigQuery({ workers: 2, ...changes.bigQuery, data, onRequest: hear }),
    )
    const identities = join(root, 'infra/local/identities.yaml')
    const signInRedirectUris = [
      `${gateway}/v1/callback`,
      ...(names.includes('console') ? [`${urlOf('console')}/console/callback`] : []),
    ]
    const issuer = kept(
      await startLocalIssuer({ identities, audience: gateway, signInRedirectUris }),
    )
    const slack = kept(await startSlackStandIn())
    const google = kept(
      await startGooglePushes((to) => {
        const name = names.find((each) => each === to)
        return name && urlOf(name)
      }, changes.onPush),
    )
    const recordKeys = recordKeyFile(
      join(folder, 'record-keys.json'),
      `${new URL(gateway).host}/log`,
    )
    const where = { folder, project, gateway, issuer, slack, bigQuery, google, ...on }
    const environmentOf = functionEnvironment(where, changes)
    undo.push(await createTopics(on.pubSub, project, `${google.url}/push`))
    const start = async (name: Name): Promise<void> => {
      running.set(
        name,
        await serveFunction(name, {
          dist: on.dist,
          port: ports.get(name) ?? 0,
          env: { ...environmentOf(urlOf(name)), ...changes.environment?.(name, urlOf) },
          imports: changes.imports,
        }),
      )
    }
    const started = await Promise.allSettled(names.map(start))
    for (const each of started) if (each.status === 'rejected') throw each.reason
    await untilReady(servedAt('gateway'))
    const store = {
      kind: 'firestore',
      projectId: project,
      entries: 'sluice-entries',
      operations: 'sluice-operations',
      emulator: on.firestore,
    } as const
    return {
      folder,
      project,
      urlOf,
      slack,
      upstream,
      bigQueryUrl: bigQuery.url,
      issuer,
      /** The record that they keep. */
      record: kept(keptEntries(store, recordKeys)),
      /** What a verifier of it needs to believe, as a file. */
      trust: async () =>
        trustText({
          signers: await recordKeys.log(),
          authorities: [recordKeys.authority.publicKey],
          witnesses: undefined,
        }),
      /** What a function wrote to its log so far. */
      output: (name: Name) => running.get(name)?.output() ?? '',
      /** A request to a function as somebody the local issuer knows; as nobody without `as`. */
      request: async (
        name: Name,
        path: string,
        { as, ...init }: RequestInit & { readonly as?: string } = {},
      ): Promise<Response> => {
        const headers = new Headers(init.headers)
        if (as !== undefined) headers.set('authorization', `Bearer ${await issuer.token(as)}`)
        return fetch(`${urlOf(name)}${path}`, { ...init, headers })
      },
      /** Delivers what Slack would send. */
      fromSlack: async (request: Request): Promise<Response> =>
        fetch(`${urlOf('slack')}/slack/interactivity`, {
          method: 'POST',
          headers: request.headers,
          body: await request.text(),
        }),
      /** A token as Google signs for its own schedules and pushes. */
      googleToken: google.token,
      /** Does once what Cloud Scheduler has a function do. */
      scheduled: async (name: Name, path: string): Promise<Response> => {
        const authorization = `Bearer ${await google.token(urlOf(name))}`
        return fetch(`${urlOf(name)}${path}`, { method: 'POST', headers: { authorization } })
      },
      stop: async (name: Name) => running.get(name)?.stop(),
      start,
      close,
    }
  } catch (cause) {
    await close()
    throw cause
  }
}

export type DeployedFunctions = Awaited<ReturnType<typeof deployFunctions>>

/** Its analyzer, and an emulator that answers for the first time, may take a while. */
async function untilReady(gateway: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const reply = await fetch(`${gateway}/readyz`)
    if (reply.ok) return
    if (tries === 600) throw new Error(`the gateway is not ready: ${await reply.text()}`)
    await wait(100)
  }
}
