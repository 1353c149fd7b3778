import { type Browser, chromium } from 'playwright-core'
import { inject } from 'vitest'

/** The Chromium of this test run: the first to ask waits while it starts. To close it is to leave it to the others. */
export async function sharedChromium(): Promise<Browser> {
  const response = await fetch(`${inject('emulatorBroker')}/chromium`)
  if (!response.ok) throw new Error(await response.text())
  const { address } = (await response.json()) as { address: string }
  return chromium.connect(address)
}
