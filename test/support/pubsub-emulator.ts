import { inject } from 'vitest'

/** The run's Pub/Sub emulator (`127.0.0.1:8080`), or why this machine has none. */
export async function pubSubEmulator(): Promise<
  { readonly host: string } | { readonly missing: string }
> {
  const response = await fetch(`${inject('emulatorBroker')}/pubsub`)
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as { host: string } | { missing: string }
}
