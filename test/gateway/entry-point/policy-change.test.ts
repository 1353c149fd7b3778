import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { errorOf } from '../../support/error-of.ts'
import { type FollowedGateway, followedGateway } from '../../support/followed-gateway.ts'
import { SELECT } from '../../support/world.ts'

const IN_FORCE = /^the policy is in force$/
const REFUSED = /the last good policy stays in force/

let here: FollowedGateway

/** The policies that decided, in order, by the digests in the record. */
const digests = () => [
  ...new Set(
    here.entries.flatMap((entry) =>
      'decision' in entry && entry.decision !== undefined ? [entry.decision.policyDigest] : [],
    ),
  ),
]

const withoutAnalysts = (good: string) => good.replace('"analysts" in', '"chemists" in')

describe('a gateway that serves', () => {
  beforeEach(async () => {
    here = await followedGateway()
  })
  afterEach(() => here.close())

  test('decides under the new policy once the file has changed, and says so in entries', async () => {
    expect((await here.query(SELECT, 'ana')).status).toBe(200)
    here.write(withoutAnalysts(here.good))
    const { policyDigest } = await here.logged(IN_FORCE)
    expect(await errorOf(await here.query(SELECT, 'ana'))).toMatchObject({ code: 403 })
    expect(digests()).toHaveLength(2)
    expect(digests()[1]).toBe(policyDigest)
    expect(here.upstream.requests).toHaveLength(1)
  })

  test('finishes what is under way under the policy it began with', async () => {
    const heard = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    here.upstream.respond(async (request, response) => {
      heard.resolve()
      await release.promise
      await here.bigQuery.respond(request, response)
    })
    const underWay = here.query(SELECT, 'ana')
    await heard.promise
    // The new policy trusts nobody Ana comes from, has no rule for her and no such connection.
    here.write(
      withoutAnalysts(here.good)
        .replace('- id: main', '- id: other')
        .replace(/- issuer: \S+/, '- issuer: https://other.acme.example'),
    )
    await here.logged(IN_FORCE)
    expect(await errorOf(await here.query(SELECT, 'ana'))).toMatchObject({ code: 401 })
    release.resolve()
    const reply = await underWay
    expect(reply.status).toBe(200)
    expect(await reply.json()).toMatchObject({ jobComplete: true, totalRows: '3' })
    expect(digests()).toHaveLength(1)
  })

  test('refuses tokens of an issuer that is gone, and its own that were exchanged for them', async () => {
    const token = await here.token('ana')
    const exchanged = await fetch(`${here.url}/v1/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        audience: here.url,
        requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        subject_token: token,
      }),
    })
    const { access_token: own } = (await exchanged.json()) as { access_token: string }
    expect((await here.query(SELECT, { token })).status).toBe(200)
    expect((await here.query(SELECT, { token: own })).status).toBe(200)
    here.upstream.requests.length = 0

    here.write(here.good.replace(/- issuer: \S+/, '- issuer: https://other.acme.example'))
    await here.logged(IN_FORCE)
    expect((await here.query(SELECT, { token })).status).toBe(401)
    expect((await here.query(SELECT, { token: own })).status).toBe(401)
    expect(here.upstream.requests).toEqual([])
  })

  test.each([
    [
      'is refused',
      (file: string, good: string) => writeFileSync(file, good.replaceAll('effect:', 'efect:')),
    ],
    ['is gone', (file: string) => rmSync(file)],
    ['is no text', (file: string) => writeFileSync(file, Buffer.from([0xff, 0xfe]))],
  ])(
    'goes on under the last good policy when the file %s, and says why once',
    async (what, spoil) => {
      spoil(here.file, here.good)
      const { severity, reasons = [] } = await here.logged(REFUSED)
      expect(severity).toBe('ERROR')
      if (what === 'is refused')
        // Everything that is wrong, each with its place.
        expect(
          reasons.filter((reason) => /policy\.yaml:\d+:\d+: .*efect/.test(reason)),
        ).toHaveLength(4)
      else expect(reasons.join()).toMatch(/no such file|not UTF-8/)
      await expect.poll(() => here.query(SELECT, 'ana').then((r) => r.status)).toBe(200)
      expect((await fetch(`${here.url}/readyz`)).status).toBe(200)
      await new Promise((done) => setTimeout(done, 200))
      expect(here.log.filter(({ message }) => REFUSED.test(message))).toHaveLength(1)

      here.write(withoutAnalysts(here.good))
      await here.logged(IN_FORCE)
      expect((await here.query(SELECT, 'ana')).status).toBe(403)
    },
  )

  test('follows a mounted secret, which changes by swapping a link', async () => {
    const folder = dirname(here.file)
    for (const [name, text] of [
      ['v1', here.good],
      ['v2', withoutAnalysts(here.good)],
    ] as const) {
      mkdirSync(join(folder, name))
      writeFileSync(join(folder, name, 'policy.yaml'), text)
    }
    symlinkSync('v1', join(folder, 'data'))
    rmSync(here.file)
    symlinkSync(join('data', 'policy.yaml'), here.file)
    expect((await here.query(SELECT, 'ana')).status).toBe(200)
    symlinkSync('v2', join(folder, 'next'))
    renameSync(join(folder, 'next'), join(folder, 'data'))
    await expect.poll(() => here.query(SELECT, 'ana').then((r) => r.status)).toBe(403)
  })
})

describe('a gateway that began without a good policy', () => {
  afterEach(() => here.close())

  test('serves nobody, names the problem, and serves once the file is good', async () => {
    here = await followedGateway((good) => good.replace('version: 1', 'version: 2'))
    expect(await here.logged(/cannot serve/)).toMatchObject({ severity: 'ERROR' })
    expect(here.log[0]?.reasons?.join()).toMatch(/policy\.yaml:1:\d+: version/)
    expect((await here.query(SELECT, 'ana')).status).toBe(503)
    here.write(here.good.replace('version: 1', 'version: 3'))
    await here.logged(/cannot serve/, 2)
    expect((await here.query(SELECT, 'ana')).status).toBe(503)
    expect(here.upstream.requests).toEqual([])

    here.write(here.good)
    await here.logged(IN_FORCE)
    expect((await here.query(SELECT, 'ana')).status).toBe(200)
  })
})
