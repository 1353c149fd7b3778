import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { GoogleAuth } from 'google-auth-library'
import { Hono } from 'hono'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { signInRoutes } from '../../../shared/gateway/sign-in/sign-in-routes.ts'
import { adcFile, loginConfig } from '../../../shared/identity/adc.ts'
import { GCLOUD_CLIENT_ID } from '../../../shared/identity/sign-in/authorization-request.ts'
import { redeem, signInAs } from '../../support/gcloud.ts'
import { type IdentityWorld, identityWorld } from '../../support/identity-world.ts'
import { served } from '../../support/served.ts'

/** Google's own library, unmodified, with the files that `sluice adc` writes. */

const folder = mkdtempSync(join(tmpdir(), 'sluice-adc-'))
let world: IdentityWorld
let gateway: Awaited<ReturnType<typeof served>>
const exchanges: string[] = []

beforeAll(async () => {
  world = await identityWorld()
  const app = signInRoutes({ ...world.ports, clock: () => world.time })
  gateway = await served(() =>
    new Hono()
      .use(async (c, next) => {
        exchanges.push(c.req.path)
        await next()
      })
      .route('/', app),
  )
})
afterAll(async () => {
  await gateway.close()
  await world.close()
  rmSync(folder, { recursive: true })
})

async function tokenWith(credentials: object): Promise<string> {
  const file = join(folder, `${randomUUID()}.json`)
  writeFileSync(file, JSON.stringify(credentials))
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', file)
  // Else the library asks gcloud and the metadata server for a project.
  vi.stubEnv('GOOGLE_CLOUD_PROJECT', 'acme')
  const auth = new GoogleAuth({ scopes: ['https://www.googleapis.com/auth/bigquery'] })
  return (await auth.getAccessToken()) ?? ''
}

const subjectOf = async (token: string): Promise<string | undefined> => {
  const result = await world.identify(`Bearer ${token}`, world.time)
  return result.ok ? result.value.subject : result.error.problem
}

test('a file with the token', async () => {
  const path = join(folder, 'token')
  writeFileSync(path, `${await world.issuer.token('ci-etl')}\n`)
  const token = await tokenWith(adcFile(gateway.url, { kind: 'file', path }))
  expect(await subjectOf(token)).toBe('ci-etl')
})

test('a command that prints the token', async () => {
  vi.stubEnv('GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES', '1')
  const path = join(folder, 'command')
  const output = {
    version: 1,
    success: true,
    token_type: 'urn:ietf:params:oauth:token-type:jwt',
    id_token: await world.issuer.token('mcp-agent'),
    expiration_time: Math.floor(Date.now() / 1000) + 3600,
  }
  writeFileSync(path, `#!/bin/sh\necho '${JSON.stringify(output)}'\n`)
  chmodSync(path, 0o700)
  const token = await tokenWith(adcFile(gateway.url, { kind: 'command', command: path }))
  expect(await subjectOf(token)).toBe('mcp-agent')
})

test('the file that gcloud writes after a person signed in', async () => {
  const { back, client } = await signInAs(world, 'petra')
  const tokens = (await (
    await redeem(world, back.searchParams.get('code') ?? '', client.verifier)
  ).json()) as { refresh_token: string }
  const { audience, token_url, token_info_url } = loginConfig(gateway.url) as Record<string, string>
  const token = await tokenWith({
    type: 'external_account_authorized_user',
    audience,
    token_url,
    token_info_url,
    refresh_token: tokens.refresh_token,
    client_id: GCLOUD_CLIENT_ID,
    client_secret: 'ZmssLNjJy2998hD4CTg2ejr2',
  })
  expect(await subjectOf(token)).toBe('petra')
  expect(exchanges.at(-1)).toBe('/v1/oauthtoken')
})

test('what is wrong with the token is in the error, word for word', async () => {
  const path = join(folder, 'expired')
  const exp = Math.floor(world.time / 1000) - 3600
  writeFileSync(path, await world.forge({ exp }))
  await expect(tokenWith(adcFile(gateway.url, { kind: 'file', path }))).rejects.toThrow(
    `the subject_token expired at ${new Date(exp * 1000).toISOString()}; sign in again`,
  )
})
