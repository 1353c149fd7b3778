import { createServer } from 'node:http'

import type { TestProject } from 'vitest/node'

import { type RunningEmulator, startFirestoreEmulator } from './emulators.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where `firestoreEmulator` asks for the emulator. */
    readonly emulatorBroker: string
  }
}

/**
 * Serves the one Firestore emulator of this test run, started when the first test file asks for it.
 * Vitest calls what it returns at the end.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let emulator: Promise<RunningEmulator | { readonly missing: string }> | undefined
  const broker = createServer((_, response) => {
    emulator ??= startFirestoreEmulator(process.env)
    emulator.then(
      (found) => response.end(JSON.stringify('host' in found ? { host: found.host } : found)),
      (cause: unknown) => response.writeHead(500).end(String(cause)),
    )
  })
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', () => resolve()))
  const address = broker.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  project.provide('emulatorBroker', `http://127.0.0.1:${address.port}/`)

  return async () => {
    broker.closeAllConnections()
    broker.close()
    const found = await emulator?.catch(() => undefined)
    if (found !== undefined && 'stop' in found) await found.stop()
  }
}
