import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { runSluice } from '../../support/run-sluice.ts'
import { errorReply, jsonReply } from '../../support/stub-replies.ts'
import { type StubUpstream, startStubUpstream } from '../../support/stub-upstream.ts'
import { POLICY, V2 } from '../../support/world.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-explain-'))
const policy = join(folder, 'policy.yaml')
const token = join(folder, 'token')
writeFileSync(
  policy,
  `${POLICY}data:
  - { tables: acme.hospital.patients, columns: ssn, tags: [identifier], mask: SHA256 }
`,
)
writeFileSync(token, 'a.token.of-ana\n')

const HOSPITAL = `${V2}/projects/acme/datasets/hospital`
const tableReference = (tableId: string) => ({
  projectId: 'acme',
  datasetId: 'hospital',
  tableId,
})
const ssn = { name: 'ssn', type: 'STRING' }

/** What a gateway shows. */
const shown: Readonly<Record<string, object>> = {
  [`${HOSPITAL}/tables/patients`]: {
    tableReference: tableReference('patients'),
    type: 'TABLE',
    etag: 'p1',
    schema: { fields: [ssn] },
  },
  [`${HOSPITAL}/tables/people`]: {
    tableReference: tableReference('people'),
    type: 'VIEW',
    etag: 'v1',
    schema: { fields: [ssn] },
    view: { query: 'SELECT ssn FROM acme.hospital.patients', useLegacySql: false },
  },
}

let gateway: StubUpstream
beforeAll(async () => {
  gateway = await startStubUpstream()
})
beforeEach(() => {
  gateway.requests.length = 0
  gateway.respond((request, response) => {
    const found = shown[request.path]
    const reply =
      found === undefined
        ? errorReply(403, 'accessDenied', 'Access Denied', 'PERMISSION_DENIED')
        : jsonReply(200, found)
    return reply(request, response)
  })
})
afterAll(async () => {
  await gateway.close()
  rmSync(folder, { recursive: true })
})

const explain = (sql: string) =>
  runSluice(
    'explain',
    '--policy',
    policy,
    '--group',
    'analysts',
    '--gateway',
    gateway.url.href,
    '--token-file',
    token,
    sql,
  )

test('asks the gateway, as the holder of the token, for what the query names', async () => {
  const { code, out } = await explain('SELECT * FROM acme.hospital.people')
  expect(code).toBe(0)
  expect(out).toMatch(/ssn {2}copy of acme\.hospital\.patients\.ssn {2}SHA256\n/)
  expect(gateway.requests.map(({ path }) => path)).toEqual(Object.keys(shown).toReversed())
  for (const { method, headers } of gateway.requests)
    expect([method, headers.authorization]).toEqual(['GET', 'Bearer a.token.of-ana'])
}, 30_000)

test('what the gateway does not show is not there', async () => {
  const { code, out } = await explain('SELECT * FROM acme.hospital.nothing')
  expect(code).toBe(3)
  expect(out).toMatch(/^deny: not-in-catalog/)
}, 30_000)

test('what policy denies by name is denied, whatever the gateway shows', async () => {
  const { code, out } = await explain('SELECT * FROM acme.hospital.secret_notes')
  expect(code).toBe(3)
  expect(out).toMatch(/^deny: denied-by-rule/)
}, 30_000)

test.each([
  [401, 'does not take the token'],
  [503, 'status 503'],
])(
  'a gateway that answers %i is one line, without the token',
  async (status, message) => {
    gateway.respond(errorReply(status, 'authError', 'no', 'UNAUTHENTICATED'))
    const { code, out, err } = await explain('SELECT * FROM acme.hospital.patients')
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/^error: .+\n$/)
    expect(err).toContain(message)
    expect(err).not.toContain('of-ana')
  },
  30_000,
)
