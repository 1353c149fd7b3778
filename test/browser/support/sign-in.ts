import { join } from 'node:path'

import type { Browser, BrowserContext, Page } from 'playwright-core'

import { secretOf } from '../../../functions/commands/local-secret.ts'
import { type Look, windowFor } from './look.ts'

const IDENTITIES = join(import.meta.dirname, '../../../infra/local/identities.yaml')

/** Where one signs in. */
export interface Place {
  readonly gateway: string
  readonly issuer: string
}

/** Opens the console at `path` and signs in as this person on the issuer's own page. Rejects when that does not lead back there. */
export async function signIn(
  page: Page,
  { gateway, issuer }: Place,
  person: string,
  path = '/console',
): Promise<void> {
  await page.goto(`${gateway}${path}`)
  // It goes there by itself.
  await page.waitForURL((url) => url.href.startsWith(issuer))
  await fillIn(page, person, secretOf(person, IDENTITIES))
  await page.waitForURL((url) => url.href.startsWith(`${gateway}${path}`))
}

/** Fills in the issuer's page, and sends it off. */
export async function fillIn(page: Page, person: string, secret: string): Promise<void> {
  await page.getByLabel('Person').selectOption(person)
  await page.getByLabel('Secret').fill(secret)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Windows of people who have signed in: each does so once, on first use. */
export function windowsOf(
  browser: Browser,
  place: Place,
): (person: string, look: Look) => Promise<BrowserContext> {
  const kept = new Map<string, ReturnType<BrowserContext['storageState']>>()
  const cookiesOf = async (person: string): ReturnType<BrowserContext['storageState']> => {
    const context = await windowFor(browser, { theme: 'light', width: 1280 })
    try {
      await signIn(await context.newPage(), place, person)
      return await context.storageState()
    } finally {
      await context.close()
    }
  }
  return async (person, look) => {
    const known = kept.get(person) ?? cookiesOf(person)
    kept.set(person, known)
    return windowFor(browser, look, await known)
  }
}
