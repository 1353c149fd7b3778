import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { createServer } from 'node:net'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

/** An emulator of Google's: where its jar is, what runs in it and what says where it runs already. */
interface Emulator {
  readonly name: string
  readonly variable: string
  readonly main: string
  /** Below the Cloud SDK. */
  readonly folder: string
  readonly jar: RegExp
}

const firestore: Emulator = {
  name: 'cloud-firestore-emulator',
  variable: 'FIRESTORE_EMULATOR_HOST',
  main: 'com.google.cloud.datastore.emulator.firestore.CloudFirestore',
  folder: 'platform/cloud-firestore-emulator',
  jar: /^cloud-firestore-emulator.*\.jar$/,
}

const pubSub: Emulator = {
  name: 'cloud-pubsub-emulator',
  variable: 'PUBSUB_EMULATOR_HOST',
  main: 'com.google.cloud.pubsub.testing.v1.Main',
  folder: 'platform/pubsub-emulator/lib',
  jar: /^cloud-pubsub-emulator-.*-all\.jar$/,
}

/** Half the CPU of the defaults: it lives for seconds and serves a few thousand calls. */
const JVM_FLAGS = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xmx512m']
/** On a machine of its own it takes a second. */
const START_TIMEOUT_MS = 120_000

export interface RunningEmulator {
  /** `127.0.0.1:8080` */
  readonly host: string
  stop(): Promise<void>
}

type Started = RunningEmulator | { readonly missing: string }

/** Google's Firestore emulator, started on a free port, or why there is none here. Downloads nothing. */
export const startFirestoreEmulator = (env: NodeJS.ProcessEnv): Promise<Started> =>
  startEmulator(firestore, env)

/** Google's Pub/Sub emulator, likewise. */
export const startPubSubEmulator = (env: NodeJS.ProcessEnv): Promise<Started> =>
  startEmulator(pubSub, env)

async function startEmulator(emulator: Emulator, env: NodeJS.ProcessEnv): Promise<Started> {
  const running = env[emulator.variable]
  if (running !== undefined) return { host: running, stop: async () => {} }
  const found = findEmulator(emulator, env)
  if ('missing' in found) return found
  const port = await freePort()
  return start(
    found.java,
    [...JVM_FLAGS, '-cp', found.jar, emulator.main, '--host=127.0.0.1', `--port=${port}`],
    `127.0.0.1:${port}`,
  )
}

/** What this machine lacks to run both of them; nothing where they run already. */
export function missingEmulators(env: NodeJS.ProcessEnv): readonly string[] {
  const missing = [firestore, pubSub].flatMap((emulator) => {
    if (env[emulator.variable] !== undefined) return []
    const found = findEmulator(emulator, env)
    return 'missing' in found ? [found.missing] : []
  })
  return [...new Set(missing)]
}

function findEmulator(
  emulator: Emulator,
  env: NodeJS.ProcessEnv,
): { readonly java: string; readonly jar: string } | { readonly missing: string } {
  const jar = findJar(emulator, env)
  if (jar === undefined)
    return { missing: `no ${emulator.name} in a Google Cloud SDK or in the cache of firebase` }
  const java = env['JAVA_HOME'] === undefined ? 'java' : join(env['JAVA_HOME'], 'bin/java')
  if (spawnSync(java, ['-version']).status !== 0) return { missing: 'no Java to run the emulator' }
  return { java, jar }
}

/** In the Cloud SDK, wherever `gcloud` lives, or else where firebase-tools keeps it. */
function findJar({ folder, jar }: Emulator, env: NodeJS.ProcessEnv): string | undefined {
  const gcloud = (env['PATH'] ?? '')
    .split(delimiter)
    .map((path) => join(path, 'gcloud'))
    .find((path) => existsSync(path))
  const sdks = [
    env['CLOUDSDK_ROOT_DIR'],
    gcloud === undefined ? undefined : dirname(dirname(realpathSync(gcloud))),
    '/usr/lib/google-cloud-sdk',
    '/usr/share/google-cloud-sdk',
    '/opt/google-cloud-sdk',
    '/snap/google-cloud-cli/current',
    '/opt/homebrew/share/google-cloud-sdk',
    join(homedir(), 'google-cloud-sdk'),
  ].filter((path) => path !== undefined)
  const folders = [
    ...sdks.map((sdk) => join(sdk, folder)),
    join(homedir(), '.cache/firebase/emulators'),
  ]
  for (const path of folders.filter((each) => existsSync(each))) {
    const newest = readdirSync(path)
      .filter((name) => jar.test(name))
      .toSorted()
      .at(-1)
    if (newest !== undefined) return join(path, newest)
  }
  return undefined
}

async function start(
  java: string,
  args: readonly string[],
  host: string,
): Promise<RunningEmulator> {
  // The shell outlives us by a moment: when our end of its input closes, however we died, it kills
  // the emulator. It ignores Ctrl-C, which the terminal sends to all of us.
  const script = `trap '' INT; "$@" & emulator=$!; cat; kill -9 $emulator`
  const shell = spawn('sh', ['-c', script, 'sh', java, ...args], {
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  let complaint = ''
  shell.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2_000)
  })
  const ended = new Promise<void>((resolve) => shell.once('exit', () => resolve()))
  const stop = async () => {
    shell.stdin.end()
    await ended
  }
  for (const deadline = Date.now() + START_TIMEOUT_MS; Date.now() < deadline;) {
    if (await answers(host)) return { host, stop }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  await stop()
  throw new Error(`the emulator did not start: ${complaint}`)
}

async function answers(host: string): Promise<boolean> {
  try {
    return (await fetch(`http://${host}/`)).ok
  } catch {
    return false
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
