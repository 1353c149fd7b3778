import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { SignJWT, exportJWK, generateKeyPair } from 'jose'

import type { SeenRequest } from '../../infra/local/bigquery/http/router.ts'
import { startLocalBigQuery } from '../../infra/local/bigquery/start-local-bigquery.ts'
import { startLocalIssuer } from '../../infra/local/issuer/start-local-issuer.ts'
import { freePort } from './free-port.ts'
import { APP, SIGNING_SECRET, TEAM } from './slack-payloads.ts'
import { BOT_TOKEN, type SlackStandIn, startSlackStandIn } from './slack-stand-in.ts'

const root = join(import.meta.dirname, '../..')
const ACCOUNT = 'sluice-push@acme.iam.gserviceaccount.com'
export const PETRA_IN_SLACK = 'U0PETRA00'

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
  /** Hears of every message that Pub/Sub pushes, as it is pushed. */
  readonly onPush?: (body: Buffer) => void
}

/**
 * Functions as functions-framework serves them, each in a process of its own, on Google's emulators of
 * Firestore and Pub/Sub, in front of the local BigQuery, the local issuer and the Slack stand-in. Between Pub/Sub and
 * the functions stands what the emulator leaves out: somebody who signs pushes as Google does.
 */
export async function deployFunctions(
  emulators: { readonly firestore: string; readonly pubSub: string },
  /** The first is the gateway. */
  names: readonly Name[] = ofApprovals,
  { environment, imports = [], policy = (usual) => usual, onPush = () => {} }: Changes = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-deployed-'))
  const project = `deployed-${Date.now().toString(36)}`
  const upstream: SeenRequest[] = []
  const data = join(root, 'infra/local/data')
  const ports = await Promise.all(names.map(() => freePort()))
  const urlOf = (name: Name) => `http://127.0.0.1:${ports[names.indexOf(name)]}`
  const [bigQuery, issuer, slack] = await Promise.all([
    startLocalBigQuery({ data, workers: 2, onRequest: (request) => upstream.push(request) }),
    startLocalIssuer({
      identities: join(root, 'infra/local/identities.yaml'),
      audience: urlOf('gateway'),
      signInRedirectUris: [
        `${urlOf('gateway')}/v1/callback`,
        ...(names.includes('console') ? [`${urlOf('console')}/console/callback`] : []),
      ],
    }),
    startSlackStandIn(),
  ])
  const google = await startGoogle(urlOf, onPush)
  writeFileSync(join(folder, 'policy.yaml'), policy(policyFor(issuer.url, urlOf('gateway'), slack)))
  writeFileSync(join(folder, 'slack-token'), `${BOT_TOKEN}\n`)
  writeFileSync(join(folder, 'slack-secret'), `${SIGNING_SECRET}\n`)
  await createTopics(emulators.pubSub, project, google.url)

  const environmentOf = (name: Name) => ({
    PATH: process.env['PATH'],
    METADATA_SERVER_DETECTION: 'none',
    GOOGLE_CLOUD_PROJECT: project,
    FIRESTORE_EMULATOR_HOST: emulators.firestore,
    PUBSUB_EMULATOR_HOST: emulators.pubSub,
    SLUICE_POLICY: join(folder, 'policy.yaml'),
    SLUICE_URL: urlOf('gateway'),
    SLUICE_STORE: `firestore:${project}`,
    SLUICE_SIGNING_KEY: `file:${join(folder, 'key.json')}`,
    SLUICE_RECORD_KEYS: `file:${join(folder, 'record-keys.json')}`,
    SLUICE_LOG_OBJECTS: `folder:${join(folder, 'log')}`,
    SLUICE_BIGQUERY_URL: bigQuery.url,
    SLUICE_PUSH_ACCOUNT: ACCOUNT,
    SLUICE_PUSH_AUDIENCE: urlOf(name),
    SLUICE_PUSH_ISSUER: google.url,
    SLUICE_SLACK_TOKEN: `file:${join(folder, 'slack-token')}`,
    SLUICE_SLACK_SIGNING_SECRET: `file:${join(folder, 'slack-secret')}`,
    SLUICE_SLACK_API_URL: slack.apiUrl.href,
    ...environment?.(name, urlOf),
  })
  const running = new Map<Name, ChildProcess>()
  const output = new Map<Name, string>()
  const start = async (name: Name): Promise<void> => {
    const child = spawn(
      process.execPath,
      [
        `--import=${join(root, 'infra/build/jsx.ts')}`,
        ...imports.map((each) => `--import=${each}`),
        join(root, 'node_modules/.bin/functions-framework'),
        `--source=functions/${name}.ts`,
        `--target=${name}`,
        `--port=${ports[names.indexOf(name)]}`,
      ],
      { cwd: root, env: environmentOf(name), stdio: ['ignore', 'pipe', 'pipe'] },
    )
    running.set(name, child)
    const hear = (chunk: Buffer): void => {
      output.set(name, (output.get(name) ?? '') + chunk.toString())
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    for (let tries = 0; tries < 800; tries++) {
      if (output.get(name)?.includes('URL: http') === true) return
      if (child.exitCode !== null) throw new Error(`${name} ended: ${output.get(name)}`)
      await wait(25)
    }
    throw new Error(`${name} does not start: ${output.get(name)}`)
  }
  // The first makes the signing key that all of them read.
  await start('gateway')
  await Promise.all(names.slice(1).map(start))

  return {
    folder,
    project,
    urlOf,
    slack,
    upstream,
    bigQueryUrl: bigQuery.url,
    issuer,
    /** What a function wrote to its log so far. */
    output: (name: Name) => output.get(name) ?? '',
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
    stop: (name: Name) => stop(running.get(name)),
    start,
    close: async (): Promise<void> => {
      await Promise.all([...running.values()].map(stop))
      await Promise.all([bigQuery.close(), issuer.close(), slack.close(), google.close()])
      await deleteSubscriptions(emulators.pubSub, project)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type DeployedFunctions = Awaited<ReturnType<typeof deployFunctions>>

async function stop(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
}

function policyFor(issuer: string, gateway: string, slack: SlackStandIn): string {
  const channel = slack.channels.get('privacy-office') ?? ''
  return readFileSync(join(root, 'infra/policy/example.yaml'), 'utf8')
    .replaceAll('http://127.0.0.1:8081', issuer)
    .replaceAll('http://127.0.0.1:8080', gateway)
    .replace(/# slackUser: U\w+/, `slackUser: ${PETRA_IN_SLACK}`)
    .replace(/# slackChannel: C\w+/, `slackChannel: ${channel}`)
    .replace(/# slack: \{.*\}/, `slack: { team: ${TEAM}, app: ${APP} }`)
}

/** Google's part in a push: it takes what the emulator sends, and passes it on with a token of its own. */
async function startGoogle(urlOf: (name: Name) => string, onPush: (body: Buffer) => void) {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'google', alg: 'RS256', use: 'sig' }]
  let url = ''
  const token = (audience: string, claims: Readonly<Record<string, unknown>> = {}) =>
    new SignJWT({ email: ACCOUNT, email_verified: true, sub: '1', ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'google', typ: 'JWT' })
      .setIssuer(url)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(privateKey)
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    const json = (body: unknown): void => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    if (request.url === '/.well-known/openid-configuration')
      return json({ issuer: url, jwks_uri: `${url}/keys` })
    if (request.url === '/keys') return json({ keys })
    const [, name = '', path = ''] = /^\/push\/([a-z-]+)(\/.*)$/.exec(request.url ?? '') ?? []
    const target = ofApprovals.find((each) => each === name)
    if (target === undefined) return response.writeHead(404).end()
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    onPush(Buffer.concat(chunks))
    try {
      const pushed = await fetch(`${urlOf(target)}${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${await token(urlOf(target))}`,
        },
        body: Buffer.concat(chunks),
      })
      return response.writeHead(pushed.status).end()
    } catch {
      return response.writeHead(503).end()
    }
  }
  const server = createServer((request, response) => void serve(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  url = `http://127.0.0.1:${address.port}`
  return {
    url,
    token,
    close: async (): Promise<void> => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** What infra creates: topics, push subscriptions, dead letters. */
async function createTopics(host: string, project: string, google: string): Promise<void> {
  const full = (kind: string, id: string): string => `projects/${project}/${kind}/${id}`
  const create = async (name: string, body: unknown): Promise<void> => {
    const reply = await fetch(`http://${host}/v1/${name}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!reply.ok) throw new Error(await reply.text())
  }
  for (const [topic, name] of SUBSCRIPTIONS) {
    const dead = `${topic}-dead-letter`
    await create(full('topics', topic), {})
    await create(full('topics', dead), {})
    await create(full('subscriptions', topic), {
      topic: full('topics', topic),
      pushConfig: { pushEndpoint: `${google}/push/${name}/` },
      ackDeadlineSeconds: 60,
      deadLetterPolicy: { deadLetterTopic: full('topics', dead), maxDeliveryAttempts: 5 },
    })
    await create(full('subscriptions', dead), {
      topic: full('topics', dead),
      pushConfig: { pushEndpoint: `${google}/push/${name}/dead-letter` },
      ackDeadlineSeconds: 60,
    })
  }
}

const SUBSCRIPTIONS = [
  ['approval-requests', 'approval-notifier'],
  ['approval-decisions', 'approval-resolver'],
] as const

/** The emulator outlives this, and would go on pushing. */
async function deleteSubscriptions(host: string, project: string): Promise<void> {
  for (const [topic] of SUBSCRIPTIONS)
    for (const id of [topic, `${topic}-dead-letter`])
      await fetch(`http://${host}/v1/projects/${project}/subscriptions/${id}`, { method: 'DELETE' })
}
