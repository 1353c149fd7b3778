import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { GATEWAY, ISSUER } from '../../support/people.ts'

/** What stands in the masked columns of row `i`. */
interface Secrets {
  readonly text: (i: number, column: string) => string | null
  readonly number: (i: number) => number | null
  readonly date: (i: number) => string | null
  readonly count: (i: number) => number
}

/** Databases that differ in masked columns only: in values, NULLs, lengths, order, and how many elements. */
export const DATABASES: readonly Secrets[] = [
  {
    text: (i, column) => `${i}${column}`,
    number: (i) => i * 10,
    date: (i) => `19${50 + i}-03-04`,
    count: (i) => i % 3,
  },
  {
    text: (i, column) => (i % 2 === 0 ? null : `z${9 - i}${column}-much longer, "quoted"\n`),
    number: (i) => (i % 3 === 0 ? null : 9_000_000_000_000_000 - i),
    date: (i) => (i % 2 === 1 ? null : `20${20 - i}-12-31`),
    count: () => 1,
  },
  {
    text: (i) => (i === 1 ? 'a' : '111'),
    number: () => 0,
    date: () => '1990-01-01',
    count: (i) => 3 - (i % 2),
  },
  {
    text: (i) => (i < 4 ? null : String(i)),
    number: (i) => -i,
    date: (i) => (i === 2 ? '0001-01-01' : null),
    count: () => 0,
  },
]

const field = (name: string, type: string, more: object = {}) => ({ name, type, ...more })

const SCHEMAS = {
  people: [
    field('id', 'INTEGER'),
    field('city', 'STRING'),
    field('age', 'INTEGER'),
    field('joined', 'DATE'),
    field('ssn', 'STRING'),
    field('note', 'STRING'),
    field('salary', 'INTEGER'),
    field('born', 'DATE'),
    field('tags', 'STRING', { mode: 'REPEATED' }),
    field('address', 'RECORD', { fields: [field('state', 'STRING'), field('zip', 'STRING')] }),
    field('visits', 'RECORD', {
      mode: 'REPEATED',
      fields: [field('code', 'STRING'), field('secret', 'STRING')],
    }),
  ],
  orders: [
    field('id', 'INTEGER'),
    field('person_id', 'INTEGER'),
    field('amount', 'INTEGER'),
    field('status', 'STRING'),
    field('placed', 'DATE'),
    field('memo', 'STRING'),
  ],
  copies: [field('id', 'INTEGER'), field('body', 'STRING')],
}

const range = (n: number) => Array.from({ length: n }, (_, i) => i + 1)

/** Writes a data folder for the local BigQuery. */
export function writeDatabase({ text, number, date, count }: Secrets): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-pair-'))
  const lab = join(folder, 'acme', 'lab')
  mkdirSync(lab, { recursive: true })
  const rows = {
    people: range(6).map((i) => ({
      id: i,
      city: ['A', 'B', 'C'][i % 3],
      age: 20 + i,
      joined: `2020-01-0${i}`,
      ssn: text(i, 's'),
      note: text(i, 'n'),
      salary: number(i),
      born: date(i),
      tags: range(count(i)).map((k) => text(i, `t${k}`) ?? 'none'),
      address: { state: 'IL', zip: text(i, 'z') },
      visits: [1, 2].map((k) => ({ code: `c${k}`, secret: text(i, `v${k}`) })),
    })),
    orders: range(7).map((i) => ({
      id: i,
      person_id: (i % 6) + 1,
      amount: i * 3,
      status: ['open', 'paid', 'a'][i % 3],
      placed: `2021-02-0${i}`,
      memo: text(i, 'm'),
    })),
    copies: [{ id: 1, body: 'b' }],
  }
  for (const [name, schema] of Object.entries(SCHEMAS))
    writeFileSync(join(lab, `${name}.schema.json`), JSON.stringify(schema))
  for (const [name, list] of Object.entries(rows))
    writeFileSync(
      join(lab, `${name}.ndjson`),
      list.map((row) => `${JSON.stringify(row)}\n`).join(''),
    )
  writeFileSync(
    join(lab, 'cards.view.sql'),
    "SELECT id, CONCAT(city, '/', ssn) AS label, status_code AS code, salary / 10 AS tenths FROM (SELECT *, 'c' AS status_code FROM acme.lab.people)".replace(
      'salary / 10',
      'SAFE_DIVIDE(salary, 10)',
    ),
  )
  writeFileSync(
    join(lab, 'shout.routine.sql'),
    "CREATE FUNCTION acme.lab.shout(s STRING) RETURNS STRING AS (CONCAT(UPPER(s), '!'));",
  )
  return folder
}

/** Constants in place of every masked value, and no question about them answered. */
export const POLICY = `version: 1
issuers:
  - issuer: ${ISSUER}
    audiences: [${GATEWAY}]
connections:
  - { id: main, projects: [acme], location: US, credential: none }
data:
  - tables: acme.lab.people
    columns: [ssn, salary, born, tags, address.zip]
    tags: [secret]
    mask: DEFAULT_MASKING_VALUE
  - tables: acme.lab.people
    columns: [note, visits.secret]
    tags: [secret]
    mask: ALWAYS_NULL
  - tables: acme.lab.orders
    columns: memo
    tags: [secret]
    mask: ALWAYS_NULL
oracles: { default: deny }
aggregates: { functions: [], minimumGroupSize: 10 }
rules:
  - id: everything
    description: Analysts do as they like.
    effect: permit
    when: '"analysts" in principal.groups && query.routines.all(r, r.glob("acme.lab.*"))'
`
