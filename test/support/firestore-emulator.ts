import { inject } from 'vitest'

/** The run's Firestore emulator (`127.0.0.1:8080`), or why this machine has none. */
export async function firestoreEmulator(): Promise<
  { readonly host: string } | { readonly missing: string }
> {
  const response = await fetch(`${inject('emulatorBroker')}/firestore`)
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as { host: string } | { missing: string }
}
