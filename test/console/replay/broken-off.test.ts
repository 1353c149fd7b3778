import { join } from 'node:path'

import { afterAll, expect, test } from 'vitest'

import { replay } from '../../../shared/console/replay/replay.ts'
import type { Ports } from '../../../shared/gateway/ports.ts'
import { HOSPITAL_POLICY } from '../../support/hospital-world.ts'
import { labWorld } from '../../support/lab-world.ts'

const SANDBOX = `connections:
  - id: sandbox
    projects: [acme-sandbox]
    location: US
    credential: none
    sandbox: { datasets: { acme.hospital: acme-sandbox.hospital } }
`

let ports: Ports | undefined
const lab = await labWorld(
  {},
  {
    data: join(import.meta.dirname, '../../../infra/local/data'),
    policy: HOSPITAL_POLICY.replace('connections:\n', SANDBOX),
    copies: { 'acme-sandbox': 'acme' },
    portsVia: (made) => {
      ports = made
      return made
    },
  },
)
afterAll(() => lab.close())

const by = {
  issuer: 'https://id.acme.example',
  subject: 'otto',
  groups: ['auditors'],
  clientId: undefined,
  email: undefined,
  claims: {},
  actors: [],
  credential: {
    kind: 'bearer',
    tokenDigest: '',
    tokenId: undefined,
    lifetime: '',
    issuedAt: 0,
    expiresAt: 0,
  },
} as const

/** The world's ports, and a session of two queries on its record. */
async function recorded() {
  for (const table of ['claims', 'staff']) {
    // oxlint-disable-next-line no-await-in-loop -- in this order
    const answer = await lab.gateway.post(
      '/bigquery/v2/projects/acme/queries',
      { query: `SELECT COUNT(*) AS n FROM acme.hospital.${table}`, useLegacySql: false },
      { as: 'ana' },
    )
    expect(answer.status).toBe(200)
  }
  const policy = ports?.policy()
  if (ports === undefined || policy?.ok !== true) throw new Error('no world')
  const entries = await ports.entries.committed({ at: 0 }, 1_000)
  const asked = entries
    .map(({ bytes }) => JSON.parse(bytes.toString()))
    .find(({ type, replay: again }) => type === 'request' && again === undefined)
  return {
    asking: { ...ports, relocate: lab.relocate },
    policy: policy.value,
    session: String(asked.session.id),
  }
}

test('a store that fails halfway: what was run stays, what is not known is said, and nothing more runs', async () => {
  const { asking, policy, session } = await recorded()
  const before = lab.ran.length
  let left = 1
  const troubles: unknown[] = []
  const done = await replay(
    {
      ...asking,
      onTrouble: (cause) => troubles.push(cause),
      derivedTags: {
        ...asking.derivedTags,
        // Asked once for each call by its names in the sandbox; the first time it answers.
        of: async (tables) => {
          const isThere = tables.some(({ projectId }) => projectId === 'acme-sandbox')
          if (isThere && (left -= 1) < 0) throw new Error('the store is gone')
          return asking.derivedTags.of(tables)
        },
      },
    },
    policy,
    by,
    { of: { session }, connection: undefined, asOf: undefined },
  )
  if (!done.ok) throw new Error(done.error)
  expect(done.value.calls).toMatchObject([
    { state: 'run', digest: 'same' },
    { state: 'run', reason: 'interrupted', digest: 'not-known' },
  ])
  expect(done.value.verdict).toBe('not-known')
  expect(troubles).toHaveLength(1)
  expect(lab.ran.length - before).toBe(1)
  const kept = await asking.entries.get(done.value.id)
  expect(kept?.entry).toMatchObject({ type: 'replayed', verdict: 'not-known' })
})

test('a replay that cannot be recorded is not told', async () => {
  const { asking, policy, session } = await recorded()
  const entries = {
    ...asking.entries,
    create: async (...given: Parameters<typeof asking.entries.create>) => {
      if (JSON.stringify(given[0]).includes('replay~')) throw new Error('the store is gone')
      return asking.entries.create(...given)
    },
  }
  const of = { session }
  await expect(
    replay({ ...asking, entries }, policy, by, { of, connection: undefined, asOf: undefined }),
  ).rejects.toThrow('could not be recorded')
})

test('a job that runs longer than a replay waits for it leaves it open', async () => {
  const { asking, policy } = await recorded()
  const answer = lab.gateway.post(
    '/bigquery/v2/projects/acme/queries',
    { query: "SELECT 'lab.slow' AS n FROM acme.hospital.staff LIMIT 1", useLegacySql: false },
    { as: 'ana' },
  )
  await lab.release()
  expect((await answer).status).toBe(200)
  const entries = await asking.entries.committed({ at: 0 }, 1_000)
  const { call } = entries
    .map(({ bytes }) => JSON.parse(bytes.toString()))
    .findLast(({ type }) => type === 'request')
  const done = await replay({ ...asking, hold: { ...asking.hold, usualMs: 300 } }, policy, by, {
    of: { call },
    connection: undefined,
    asOf: undefined,
  })
  await lab.release()
  expect(done).toMatchObject({
    ok: true,
    value: {
      verdict: 'not-known',
      calls: [{ state: 'run', schema: 'not-known', rows: 'not-known', digest: 'not-known' }],
    },
  })
})

test.each([
  ['require-approval', 'the-office', 'approval-needed'],
  ['deny', undefined, 'denied'],
] as const)(
  'what policy says now counts, not what it said: %s',
  async (effect, approval, reason) => {
    const { asking, policy, session } = await recorded()
    const rules = policy.rules.map((rule) =>
      rule.id === 'analysts-read' ? { ...rule, effect, approval } : rule,
    )
    const before = lab.ran.length
    const done = await replay({ ...asking }, { ...policy, rules }, by, {
      of: { session },
      connection: undefined,
      asOf: undefined,
    })
    if (!done.ok) throw new Error(done.error)
    expect(done.value.verdict).toBe('nothing-run')
    for (const call of done.value.calls)
      expect(call).toMatchObject({ state: 'not-run', reason, decision: 'different' })
    expect(lab.ran.length).toBe(before)
  },
)
