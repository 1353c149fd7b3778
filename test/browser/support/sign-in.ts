import { join } from 'node:path'

import type { Page } from 'playwright-core'

import { secretOf } from '../../../functions/commands/local-secret.ts'
import type { SeededStack } from '../../support/seeded-stack.ts'

const IDENTITIES = join(import.meta.dirname, '../../../infra/local/identities.yaml')

/** Opens the console at `path` and signs in as this person on the issuer's own page. Rejects when that does not lead back there. */
export async function signIn(
  page: Page,
  { gateway, issuer }: SeededStack,
  person: string,
  path = '/console',
): Promise<void> {
  await page.goto(`${gateway}${path}`)
  // A page of the console says that one has to, where it does not go there by itself.
  if (page.url().startsWith(gateway))
    await page
      .getByRole('link', { name: /sign in/i })
      .or(page.getByRole('button', { name: /sign in/i }))
      .first()
      .click()
  await page.waitForURL((url) => url.href.startsWith(issuer))
  await fillIn(page, person)
  await page.waitForURL((url) => url.href.startsWith(`${gateway}${path}`))
}

/** Fills in the issuer's page, and sends it off. */
export async function fillIn(page: Page, person: string): Promise<void> {
  await page.getByLabel('Person').selectOption(person)
  await page.getByLabel('Secret').fill(secretOf(person, IDENTITIES))
  await page.getByRole('button', { name: 'Sign in' }).click()
}
