import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, describe, expect, test } from 'vitest'

import { POLICY } from '../../support/people.ts'
import { runSluice } from '../../support/run-sluice.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-explain-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string | object): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

const byName = file('names.yaml', POLICY)
const masking = file(
  'masks.yaml',
  `${POLICY.replace('query.statementType ==', 'query.routines.all(r, r.glob("acme.*")) && query.statementType ==')}data:
  - { tables: acme.hospital.patients, columns: ssn, tags: [identifier], mask: LAST_FOUR_CHARACTERS }
  - { tables: acme.hospital.patients, columns: address.street, tags: [address], mask: ALWAYS_NULL }
`,
)
file('acme.hospital.patients.json', [
  { name: 'id', type: 'INTEGER' },
  { name: 'name', type: 'STRING' },
  { name: 'ssn', type: 'STRING' },
  {
    name: 'address',
    type: 'RECORD',
    fields: [
      { name: 'street', type: 'STRING' },
      { name: 'city', type: 'STRING' },
    ],
  },
])
file(
  'acme.hospital.people.sql',
  'SELECT id, ssn AS number FROM acme.hospital.patients WHERE id > 0',
)
file('acme.hospital.last4.json', {
  routineReference: { projectId: 'acme', datasetId: 'hospital', routineId: 'last4' },
  routineType: 'SCALAR_FUNCTION',
  language: 'SQL',
  arguments: [{ name: 'text', dataType: { typeKind: 'STRING' } }],
  returnType: { typeKind: 'STRING' },
  definitionBody: 'SUBSTR(text, -4)',
})

const explain = (policy: string, ...args: readonly string[]) =>
  runSluice('explain', '--policy', policy, '--group', 'analysts', ...args)
const masked = (...args: readonly string[]) => explain(masking, '--schemas', folder, ...args)

describe('by names alone', { timeout: 30_000 }, () => {
  test('a permit, and exit code 0', async () => {
    expect(await explain(byName, 'SELECT name FROM acme.hospital.patients')).toEqual({
      code: 0,
      out: `permit
  rules    analysts-read
  reads    acme.hospital.patients
  limits   1 GiB billed, 600 s
`,
      err: '',
    })
  })

  test('a denial, in the words its caller gets, and exit code 3', async () => {
    expect(await explain(byName, 'SELECT note FROM acme.hospital.secret_notes')).toEqual({
      code: 3,
      out: `deny: denied-by-rule
  a rule of the policy forbids this
  rules    analysts-read, nobody-reads-secrets
  reads    acme.hospital.secret_notes
`,
      err: '',
    })
  })

  test.each([
    ['SELEC 1', 'deny: syntax-error\n  Syntax error: Unexpected identifier "SELEC" at [1:1]\n'],
    ['BEGIN SELECT 1; END', 'deny: not-understood\n  '],
  ])('%s is refused before anything is decided', async (sql, said) => {
    const { code, out } = await explain(byName, sql)
    expect(code).toBe(3)
    expect(out.startsWith(said), out).toBe(true)
  })

  const held = `${POLICY.replace('effect: permit', 'effect: require-approval\n    approval: two-offices')}
roles: { officers: approver, leads: approver }
approvals:
  - id: two-offices
    description: Both have to agree.
    approvers: { allOf: [{ group: officers, votes: 2 }, { group: leads }] }
    quorum: 4
    wait: 90s
    hours: { timeZone: Europe/Zurich, days: [fri, mon], from: '22:05', until: '06:00' }
    breakGlass: { group: clinicians }
`

  test('needs approval: whose, how many of them, for how long; and exit code 4', async () => {
    const policy = file('approval.yaml', held)
    const { code, out } = await explain(policy, 'SELECT name FROM acme.hospital.patients')
    expect(code).toBe(4)
    expect(out).toMatch(/^require-approval\n/)
    expect(out).toContain(
      '  approval two-offices: 2 of officers and 1 of leads; 4 people in all; mon, fri from 22:05 until ' +
        '06:00 Europe/Zurich; within 90s, then 15m to start; clinicians may go ahead without\n',
    )
  })

  test('needs approval, as JSON: the terms as policy has them', async () => {
    const policy = file('approval.yaml', held)
    const { out } = await explain(policy, '--json', 'SELECT name FROM acme.hospital.patients')
    expect(JSON.parse(out)).toMatchObject({
      decision: 'require-approval',
      approvals: [
        {
          id: 'two-offices',
          description: 'Both have to agree.',
          approvers: {
            of: 'all',
            groups: [
              { group: 'officers', votes: 2 },
              { group: 'leads', votes: 1 },
            ],
          },
          quorum: 4,
          waitMs: 90_000,
          useWithinMs: 900_000,
        },
      ],
    })
    const permitted = await explain(byName, '--json', 'SELECT name FROM acme.hospital.patients')
    expect(JSON.parse(permitted.out)).toMatchObject({ decision: 'permit', approvals: [] })
  })

  test('who asks, from a file and from options, which go before it', async () => {
    const identity = file('who.yaml', 'sub: eve\ngroups: [etl]\nclaims: { team: data }\n')
    const policy = file(
      'who-policy.yaml',
      POLICY.replace(
        '"etl" in principal.groups',
        'principal.sub == "ana" && principal.groups == ["etl"]',
      ),
    )
    const ask = (...args: readonly string[]) =>
      runSluice(
        'explain',
        '--policy',
        policy,
        '--identity',
        identity,
        ...args,
        'SELECT 1 FROM acme.hospital.claims',
      )
    expect((await ask()).code).toBe(3)
    expect((await ask('--sub', 'ana')).code).toBe(0)
    expect((await ask('--sub', 'ana', '--group', 'others')).code).toBe(3)
  })

  test('a query from a file, with a default dataset and parameters', async () => {
    const sql = file('query.sql', 'SELECT @a, name FROM patients -- comment')
    const args = ['--file', sql, '--dataset', 'hospital', '--parameter', 'a:ARRAY<STRING>']
    const { code, out } = await explain(byName, ...args, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      decision: 'permit',
      rules: ['analysts-read'],
      statementType: 'SELECT',
      tables: ['acme.hospital.patients'],
      obligations: { maximumBytesBilled: 1073741824, masks: [] },
    })
  })
})

describe('by columns', { timeout: 30_000 }, () => {
  test('every output with where it comes from, and its mask', async () => {
    expect(
      await masked(
        'SELECT ssn AS note, UPPER(name) AS name, COUNT(*) OVER () AS n, address FROM acme.hospital.patients',
      ),
    ).toMatchObject({
      code: 0,
      out: `permit
  rules    analysts-read
  reads    acme.hospital.patients
  limits   1 GiB billed, 600 s
output
  note            copy of acme.hospital.patients.ssn             LAST_FOUR_CHARACTERS
  name            computed with acme.hospital.patients.name
  n               no column
  address         copy of acme.hospital.patients.address
  address.street  copy of acme.hospital.patients.address.street  ALWAYS_NULL
  address.city    copy of acme.hospital.patients.address.city
`,
    })
  })

  test('through a view', async () => {
    const { code, out } = await masked('SELECT number FROM acme.hospital.people')
    expect(code).toBe(0)
    expect(out).toContain('reads    acme.hospital.people\n')
    expect(out).toMatch(/number +copy of acme\.hospital\.patients\.ssn +LAST_FOUR_CHARACTERS\n/)
  })

  // A path of several parts was not found.
  test.each(['acme.hospital.last4', '`acme.hospital.last4`', '`acme`.hospital.`last4`'])(
    'through the routine %s',
    async (path) => {
      const { out } = await masked(
        '--json',
        `SELECT ${path}(name) AS x FROM acme.hospital.patients`,
      )
      expect(JSON.parse(out)).toMatchObject({
        decision: 'permit',
        routines: ['acme.hospital.last4'],
        outputs: [
          { flow: { sources: [{ column: 'acme.hospital.patients.name', flow: 'derived' }] } },
        ],
      })
    },
  )

  test('a masked column in a filter: where, and what to change', async () => {
    const { code, out } = await masked("SELECT name FROM acme.hospital.patients WHERE ssn = '1'")
    expect(code).toBe(3)
    expect(out).toMatch(/^deny: oracle\n.*`acme\.hospital\.patients\.ssn`.*filter/)
    expect(out).toMatch(/used\n {2}acme\.hospital\.patients\.ssn {2}filter\n/)
  })

  test('as JSON: all of it', async () => {
    const { out } = await masked('--json', 'SELECT ssn FROM acme.hospital.patients WHERE id = 1')
    expect(JSON.parse(out)).toMatchObject({
      decision: 'permit',
      columns: ['acme.hospital.patients.id', 'acme.hospital.patients.ssn'],
      outputs: [
        {
          name: 'ssn',
          type: 'STRING',
          flow: { sources: [{ column: 'acme.hospital.patients.ssn', flow: 'copy' }] },
        },
      ],
      uses: [{ column: 'acme.hospital.patients.id', use: 'filter' }],
      obligations: {
        governed: true,
        masks: [{ name: 'ssn', mask: { kind: 'expression', expression: 'LAST_FOUR_CHARACTERS' } }],
      },
    })
  })

  test('a table that is in no file is refused', async () => {
    const { code, out } = await masked('SELECT x FROM acme.hospital.nothing')
    expect(code).toBe(3)
    expect(out).toMatch(/^deny: not-in-catalog\n {2}not found: `acme\.hospital\.nothing`\n/)
  })

  test('without schemas: says what is missing, and decides nothing', async () => {
    const { code, out, err } = await explain(masking, 'SELECT ssn FROM acme.hospital.patients')
    expect([code, out]).toEqual([1, ''])
    expect(err).toBe('error: this policy decides on columns; say which there are with schemas\n')
  })
})

test.each([
  [['--schemas', join(folder, 'nowhere'), 'SELECT 1'], /no such file/],
  [['--parameter', 'id', 'SELECT 1'], /not `name:type`/],
  [['--parameter', 'id:A;B', 'SELECT 1'], /not a type/],
  [['--dataset', 'a b', 'SELECT 1'], /not a dataset/],
  [['--project', 'ACME!', 'SELECT 1'], /not a project/],
  [['--time', 'soon', 'SELECT 1'], /not a time/],
  [['--gateway', 'http://127.0.0.1:1', 'SELECT 1'], /wants a token/],
  [['--identity', byName, 'SELECT 1'], /not an identity/],
])('%j is one line and exit code 1', async (args, message) => {
  const { code, out, err } = await explain(byName, ...args)
  expect(err).toMatch(/^error: .+\n$/)
  expect(err).toMatch(message)
  expect([code, out]).toEqual([1, ''])
})
