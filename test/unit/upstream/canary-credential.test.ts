import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { inspect } from 'node:util'

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { ServiceAccountKey } from '../../../shared/adapters/bigquery/service-account-key.ts'
import { Redacted } from '../../../shared/adapters/secret-manager/redacted.ts'
import { type GoogleWorld, googleWorld } from '../../support/google-world.ts'
import { guarantee } from '../../support/guarantee.ts'
import { recordedPermit } from '../../support/recorded-permit.ts'
import * as faults from '../../support/stub-faults.ts'
import { OWN_TOKEN } from '../../support/stub-google-oauth.ts'
import { bytesReply, jsonReply } from '../../support/stub-replies.ts'
import { secretReply } from '../../support/stub-secret-manager.ts'
import type { Respond } from '../../support/stub-upstream.ts'

let output: string[]

beforeEach(() => {
  output = []
  const listen = (chunk: unknown) => {
    output.push(String(chunk))
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(listen)
  vi.spyOn(process.stderr, 'write').mockImplementation(listen)
  for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, name).mockImplementation((...args) => void output.push(inspect(args)))
})

afterEach(() => {
  vi.restoreAllMocks()
})

/** A world for the length of `body`. Secret Manager is given up on early. */
async function inWorld(body: (world: GoogleWorld) => Promise<void>): Promise<void> {
  const world = await googleWorld(200)
  try {
    await body(world)
  } finally {
    await world.close()
  }
}

/** Every string that opens something: key material, assertions, tokens. */
function canaries(world: GoogleWorld): readonly string[] {
  const pem = world.account.pem.split('\n').filter((line) => line.length > 40)
  const assertions = world.oauth.requests.flatMap(({ body }) => {
    const assertion = new URLSearchParams(body.toString()).get('assertion')
    return assertion === null ? [] : [assertion, assertion.split('.')[2] ?? assertion]
  })
  return [...pem, ...assertions, ...world.oauth.issued, OWN_TOKEN]
}

/** All that a careless logger could make of a value. */
function render(value: unknown): string {
  const deep = { depth: Infinity, maxStringLength: Infinity, maxArrayLength: Infinity }
  const parts = [
    inspect(value, { ...deep, showHidden: true, getters: true }),
    inspect(value, { ...deep, customInspect: false }),
    String(value),
  ]
  try {
    parts.push(JSON.stringify(value) ?? '')
  } catch {
    // Circular: inspect shows it.
  }
  if (value instanceof Error) parts.push(value.message, value.stack ?? '', render(value.cause))
  if (typeof value === 'object' && value !== null && 'value' in value) {
    const reply = value.value
    if (typeof reply === 'object' && reply !== null && 'body' in reply)
      parts.push(String(reply.body))
  }
  return parts.join('\n')
}

function expectNone(secrets: readonly string[], text: string, where = ''): void {
  for (const secret of secrets) {
    const bytes = Buffer.from(secret)
    for (const form of [secret, bytes.toString('hex'), bytes.join(','), bytes.join(', ')])
      expect(text.includes(form), `${where}: found ${secret.slice(0, 12)}…`).toBe(false)
  }
}

const call = async (world: GoogleWorld, connection: string) => {
  const limits = { signal: new AbortController().signal, timeoutMs: 400 }
  return world.upstream(recordedPermit({}, connection), limits).catch((cause: unknown) => cause)
}

/** What a peer heard, thrown back: headers and body. */
const echo =
  (status: number): Respond =>
  (request, response) => {
    const body = request.body.toString()
    const message = `${decodeURIComponent(body)} ${JSON.stringify(request.headers)}`
    const error = { code: status, message, errors: [{ reason: 'authError', message: body }] }
    return jsonReply(status, { error, error_description: request.rawHeaders })(request, response)
  }

const peerFaults: readonly (readonly [string, Respond])[] = [
  ['echo 400', echo(400)],
  ['echo 401', echo(401)],
  ['echo 403', echo(403)],
  ['echo 429', echo(429)],
  ['echo 500', echo(500)],
  ['echo 503', echo(503)],
  ['reset', faults.resetBeforeHeaders],
  ['reset after headers', faults.resetAfterHeaders],
  ['reset in the body', faults.resetMidBody],
  ['hang', faults.hang],
  ['slow', faults.slowLoris(20)],
  ['not HTTP', faults.notHttp],
  ['gzip cut', faults.truncatedGzip],
  ['gzip bomb', faults.gzipBomb(5_000_000)],
  ['endless', faults.endless],
  ['redirect', faults.redirect('http://127.0.0.1:9/')],
  ['web page', faults.htmlReply(200)],
  ['bad JSON', bytesReply(200, Buffer.from('{"access_token":"ya29.'))],
]

type Peer = 'bigQuery' | 'oauth' | 'secretManager'

/** All that is said while `peer` plays `respond`: with nothing cached, then with a token that is due. */
async function provoke(world: GoogleWorld, peer: Peer, respond: Respond): Promise<string> {
  const said: unknown[] = []
  const sabotage = (): void =>
    peer === 'bigQuery' ? world.bigQuery.respond(respond) : world[peer].fail(respond)
  sabotage()
  said.push(await call(world, 'main'), await call(world, 'keyless'))
  world.bigQuery.respond(jsonReply(200, {}))
  world.oauth.fail()
  world.secretManager.fail()
  world.time.now += 2000
  said.push(await call(world, 'main'), await call(world, 'keyless'))
  world.time.now += 56 * 60_000
  sabotage()
  said.push(await call(world, 'main'), await call(world, 'keyless'))
  return said.map(render).join('\n')
}

guarantee('credential-unseen', async () => {
  for (const peer of ['bigQuery', 'oauth', 'secretManager'] as const)
    await Promise.all(
      peerFaults.map(([fault, respond]) =>
        inWorld(async (world) => {
          const said = await provoke(world, peer, respond)
          const secrets = canaries(world)
          expect(secrets.length).toBeGreaterThan(20)
          expectNone(secrets, said, `${peer}: ${fault}`)
          expectNone(secrets, output.join('\n'), `${peer}: ${fault}`)
        }),
      ),
    )
})

const damaged: readonly (readonly [string, (file: string) => string])[] = [
  ['cut in half', (file) => file.slice(0, file.length / 2)],
  ['without its first byte', (file) => file.slice(1)],
  ['with a damaged key', (file) => file.replace(/(MII.{60})./, '$1!')],
  ['with another type', (file) => file.replace('service_account', 'authorized_user')],
  ['with another endpoint', (file) => file.replace('/token"', '/other"')],
  ['twice', (file) => file + file],
]

test.each(damaged)('a key file %s is not quoted', async (_name, damage) => {
  await inWorld(async (world) => {
    world.secretManager.add(Buffer.from(damage(world.account.keyFile.toString())))
    const reply = await call(world, 'main')
    expect(reply).toMatchObject({ error: { detail: 'key-malformed' } })
    expectNone(canaries(world), render(reply) + output.join('\n'))
  })
})

test('the error itself has no cause and nothing to quote', () => {
  let thrown: unknown
  try {
    expect(new ServiceAccountKey(new Redacted(Buffer.from('{"canary')), '')).toBe('refused')
  } catch (cause) {
    thrown = cause
  }
  expect(String(thrown)).toBe('CredentialUnavailable: no credential: key-malformed')
  expect(thrown).not.toHaveProperty('cause')
  expect(render(thrown)).not.toContain('canary"')
})

test('a key whose checksum is wrong is not quoted', async () => {
  await inWorld(async (world) => {
    const name = 'projects/1/secrets/bigquery/versions/1'
    world.secretManager.fail(secretReply(name, world.account.keyFile, '1'))
    const reply = await call(world, 'main')
    expect(reply).toMatchObject({ error: { detail: 'secret-corrupt' } })
    expectNone(canaries(world), render(reply) + output.join('\n'))
  })
})

test('nothing that holds a credential shows it', async () => {
  await inWorld(async (world) => {
    await call(world, 'main')
    await call(world, 'keyless')
    const credential = await world.providers('main').token()
    const keyFile = new Redacted(world.account.keyFile)
    for (const holder of [
      world.upstream,
      world.providers,
      world.providers('main'),
      world.providers('keyless'),
      credential,
      credential.accessToken,
      keyFile,
      new ServiceAccountKey(keyFile, world.oauth.tokenUri),
      { nested: [new Map([['token', credential]]), new Error('x', { cause: credential })] },
    ])
      expectNone(canaries(world), render(holder))
    expect(JSON.stringify(credential)).toContain('"accessToken":"[redacted]"')
    expect(String(credential.accessToken)).toBe('[redacted]')
  })
})

test('a call under way does not show it either', async () => {
  await inWorld(async (world) => {
    world.bigQuery.respond(faults.hang)
    const caller = new AbortController()
    const limits = { signal: caller.signal, timeoutMs: 5000 }
    const reply = world.upstream(recordedPermit(), limits)
    while (world.bigQuery.requests.length === 0) await setTimeout(5)
    expectNone(canaries(world), [world.upstream, caller.signal, reply].map(render).join('\n'))
    caller.abort(new Error('gone'))
    expectNone(canaries(world), render(await reply) + render(caller.signal))
  })
})

test('libraries that are told to log everything do not print the key', async () => {
  const child = fork(new URL('../../support/canary-child.ts', import.meta.url), {
    silent: true,
    env: { ...process.env, GOOGLE_SDK_NODE_LOGGING: '*', NODE_DEBUG: 'undici,http,https,net' },
  })
  const printed: string[] = []
  child.stdout?.on('data', (chunk) => printed.push(String(chunk)))
  child.stderr?.on('data', (chunk) => printed.push(String(chunk)))
  const closed = once(child, 'close')
  const [secrets] = (await once(child, 'message')) as [readonly string[]]
  await closed
  const text = printed.join('')
  expect(text, 'the logging is on').toContain('UNDICI')
  expect(secrets.length).toBeGreaterThan(20)
  expectNone(secrets, text)
})
