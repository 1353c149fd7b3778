import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type Store, openStore } from '../../functions/open-store.ts'
import { readSettings } from '../../functions/settings.ts'
import { type Gateway, gateway } from '../../functions/wiring.ts'
import { folderObjects } from '../../shared/adapters/folder/folder-objects.ts'
import { type KillableGateway, killableGateway } from './killable-gateway.ts'
import { laterStore } from './later-store.ts'
import { type MovableClock, movableClock } from './movable-clock.ts'
import { GATEWAY, ISSUER, POLICY, publicJwk, signToken } from './people.ts'
import { stubBigQuery } from './stub-bigquery.ts'
import { jsonReply } from './stub-replies.ts'
import { startStubUpstream } from './stub-upstream.ts'
import { JOBS, QUERIES, SELECT } from './world.ts'

/** What the environment says of where a record is kept; `folder` is there as long as the test. */
export type Place = (folder: string) => Readonly<Record<string, string>>

export const inSqlite: Place = (folder) => ({
  SLUICE_STORE: `sqlite:${join(folder, 'record.sqlite')}`,
})

/** A project that nobody else has. */
export const inFirestore =
  (emulator: string): Place =>
  () => ({
    SLUICE_STORE: `firestore:kept-${randomUUID().slice(0, 18)}/entries/operations`,
    FIRESTORE_EMULATOR_HOST: emulator,
  })

/** Resolves once a store answers in the time that it has: an emulator takes its own for the first answer. */
export async function awaken(place: Place): Promise<void> {
  const env = { ...NOWHERE, ...place('') }
  for (let tries = 0; ; tries++) {
    const store = openStore(readSettings(env).store)
    try {
      // oxlint-disable-next-line no-await-in-loop -- again until it does
      return void (await store.entries.get('nothing~request'))
    } catch (cause) {
      if (tries === 9) throw cause
    } finally {
      // oxlint-disable-next-line no-await-in-loop
      await store.close()
    }
  }
}

/** No handler lives so long: after that, what nobody finished is closed. */
const MUCH_LATER_MS = 75 * 60_000

/** One record with everything real but BigQuery and the issuer, and any number of gateways that write it. */
export async function keptRecord(place: Place) {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-kept-'))
  const bigQuery = stubBigQuery()
  const [upstream, issuer] = await Promise.all([
    startStubUpstream(bigQuery.respond),
    startStubUpstream(),
  ])
  const { origin } = issuer.url
  issuer.respond((request, response) =>
    jsonReply(
      200,
      request.path === '/jwks'
        ? { keys: [publicJwk] }
        : { issuer: origin, jwks_uri: `${origin}/jwks` },
    )(request, response),
  )
  writeFileSync(join(folder, 'policy.yaml'), POLICY.replaceAll(ISSUER, origin))
  const env: Readonly<Record<string, string>> = {
    SLUICE_POLICY: join(folder, 'policy.yaml'),
    SLUICE_URL: GATEWAY,
    SLUICE_SIGNING_KEY: `file:${join(folder, 'key.json')}`,
    SLUICE_RECORD_KEYS: `file:${join(folder, 'record-keys.json')}`,
    SLUICE_LOG_OBJECTS: `folder:${join(folder, 'log')}`,
    SLUICE_BIGQUERY_URL: upstream.url.href,
    ...place(folder),
  }
  const connect = () => openStore(readSettings(env).store)
  const children: KillableGateway[] = []
  const gateways: Gateway[] = []
  const stores: Store[] = [connect()]
  let view = asItIs
  let clock: MovableClock | undefined

  const record = {
    env,
    folder,
    bigQuery,
    upstream,
    objects: folderObjects(join(folder, 'log')),
    /** What BigQuery was asked to run. */
    ran: () => upstream.requests.filter(({ method }) => method === 'POST'),
    /** What is kept, at the time it is. */
    store: (): Store => {
      const [store] = stores
      if (store === undefined) throw new Error('it is closed')
      return view(store)
    },
    /** A gateway in a process of its own. */
    start: async (): Promise<KillableGateway> => {
      const child = await killableGateway(env)
      children.push(child)
      return child
    },
    /** One in this process, on a store that is changed for it. */
    startHere: async (changed = asItIs): Promise<Gateway> => {
      const started = await gateway(env, { store: changed(view(connect())) })
      gateways.push(started)
      return started
    },
    /** From now on it is an hour and more later, for this process and for the store. */
    muchLater: (): number => {
      const since = Date.now()
      // SQLite's clock is that of the process, which moves.
      if (!env['SLUICE_STORE']?.startsWith('sqlite:'))
        view = (store) => laterStore(store, since, MUCH_LATER_MS)
      clock = movableClock()
      clock.ahead(MUCH_LATER_MS)
      return MUCH_LATER_MS
    },
    /** What Ana asks for. */
    request: async (what: keyof typeof asked, session = '') => ({
      path: asked[what].path,
      init: {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'sluice-session': session,
          authorization: `Bearer ${await signToken('ana', Date.now(), { iss: origin, aud: GATEWAY })}`,
        },
        body: JSON.stringify(asked[what].body),
      },
    }),
    /** The answer of a gateway in another process. Rejects when there is none. */
    ask: async ({ url }: KillableGateway, what: keyof typeof asked): Promise<Response> => {
      const { path, init } = await record.request(what)
      return fetch(`${url}${path}`, init)
    },
    close: async (): Promise<void> => {
      await Promise.all(children.map((child) => child.end('SIGKILL')))
      await Promise.all(gateways.map((each) => each.close()))
      await Promise.all([upstream.close(), issuer.close(), ...stores.map((each) => each.close())])
      clock?.remove()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return record
}

export type KeptRecord = Awaited<ReturnType<typeof keptRecord>>

/** Whatever the environment must have besides a store. */
const NOWHERE = {
  SLUICE_POLICY: 'none',
  SLUICE_URL: GATEWAY,
  SLUICE_SIGNING_KEY: 'file:none',
  SLUICE_RECORD_KEYS: 'file:none',
}

const asItIs = (store: Store): Store => store

const query = { query: SELECT, useLegacySql: false }
const asked = {
  query: { path: QUERIES, body: query },
  'named query': { path: QUERIES, body: { ...query, requestId: 'r' } },
  insert: { path: JOBS, body: { configuration: { query } } },
  'named insert': {
    path: JOBS,
    body: { configuration: { query }, jobReference: { projectId: 'acme', jobId: 'named' } },
  },
} as const
