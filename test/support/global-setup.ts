import { createServer } from 'node:http'

import type { TestProject } from 'vitest/node'

import { bundleChild } from './bundled-child.ts'
import { buildFunctions } from './deployed/built-functions.ts'
import { startFirestoreEmulator, startPubSubEmulator } from './emulators.ts'
import { startSeededStack } from './seeded-stack.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /**
     * Where `firestoreEmulator`, `pubSubEmulator`, `deployment`, `seededStack`, `sharedChromium` and `childFile` ask for what
     * there is once for all files.
     */
    readonly emulatorBroker: string
  }
}

/**
 * Serves the emulators of this test run, the built functions, a seeded stack, a Chromium and programs to start: one of each
 * kind, made when the first test file asks for it. Vitest calls what it returns at the end.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const kinds = new Map<string, ReturnType<typeof once>>([
    ['/firestore', once(() => startFirestoreEmulator(process.env))],
    ['/pubsub', once(() => startPubSubEmulator(process.env))],
    ['/built-functions', once(async () => ({ ...(await buildFunctions()), stop: async () => {} }))],
    ['/seeded-stack', once(startSeededStack)],
    ['/chromium', once(startChromium)],
    ['/gateway-child', once(() => bundleChild('gateway-child'))],
    ['/sealer-child', once(() => bundleChild('sealer-child'))],
  ])
  const broker = createServer((request, response) => {
    const kind = kinds.get(request.url ?? '')
    if (kind === undefined) return void response.writeHead(404).end()
    kind.start().then(
      // What stops it stays here.
      (found) => response.end(JSON.stringify(found)),
      (cause: unknown) => response.writeHead(500).end(String(cause)),
    )
  })
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', () => resolve()))
  const address = broker.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  project.provide('emulatorBroker', `http://127.0.0.1:${address.port}`)

  return async () => {
    broker.closeAllConnections()
    broker.close()
    await Promise.all([...kinds.values()].map(({ stop }) => stop()))
  }
}

/** Loads what it takes only now: most runs open no page. */
async function startChromium(): Promise<Stoppable> {
  const { chromiumPath, serveChromium } = await import('./chromium.ts')
  return serveChromium(chromiumPath(process.env) ?? 'chromium')
}

interface Stoppable {
  stop(): Promise<void>
}

/** What is started when somebody asks for it first, and stopped if somebody did. */
function once(start: () => Promise<Stoppable | { readonly missing: string }>): {
  start(): Promise<object>
  stop(): Promise<void>
} {
  let started: ReturnType<typeof start> | undefined
  return {
    start: () => (started ??= start()),
    stop: async () => {
      const found = await started?.catch(() => undefined)
      if (found !== undefined && 'stop' in found) await found.stop()
    },
  }
}
