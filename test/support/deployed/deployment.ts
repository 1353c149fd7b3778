import { inject } from 'vitest'

import { firestoreEmulator } from '../firestore-emulator.ts'
import { pubSubEmulator } from '../pubsub-emulator.ts'

/** Where functions can be deployed. */
export interface Deployable {
  readonly firestore: string
  readonly pubSub: string
  /** Every function as it is built from the sources as they are. */
  readonly dist: string
}

/** The run's emulators and builds, or why this machine has none. Rejects when a function cannot be built. */
export async function deployment(): Promise<Deployable | { readonly missing: string }> {
  const [firestore, pubSub] = await Promise.all([firestoreEmulator(), pubSubEmulator()])
  if ('missing' in firestore || 'missing' in pubSub) {
    const missing = [firestore, pubSub].flatMap((one) => ('missing' in one ? [one.missing] : []))
    return { missing: [...new Set(missing)].join('; ') }
  }
  return { firestore: firestore.host, pubSub: pubSub.host, dist: await builtFunctions() }
}

/** The folder with every function in it, built from the sources as they are. Rejects when one cannot be built. */
export async function builtFunctions(): Promise<string> {
  const response = await fetch(`${inject('emulatorBroker')}/built-functions`)
  if (!response.ok) throw new Error(await response.text())
  const { dist } = (await response.json()) as { dist: string }
  return dist
}
