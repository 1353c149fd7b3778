import { inject } from 'vitest'

import type { SeededStack } from '../../support/seeded-stack.ts'

/** The stack of this test run, on whose record a day of traffic is: the first to ask waits while it is seeded. Shared: whoever needs something to be changed makes their own. */
export async function seededStack(): Promise<SeededStack> {
  const response = await fetch(`${inject('emulatorBroker')}/seeded-stack`)
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as SeededStack
}

/** How long that may take, in milliseconds. */
export const SEEDING_MS = 240_000
