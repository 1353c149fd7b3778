import { expect, test } from 'vitest'

import { SAMPLE, policyOf, problemsOf } from './sample-policy.ts'

const DAY = 86_400_000
/** Two keys made for this test. */
const NORTH = 'north.witness.example+97e2ad8d+BI970MLzqOvfMYhx150ENrDiwPA32924NW//k6VWZqcW'
const SOUTH = 'south.witness.example+559099f2+BPXCQtN8hl4WjKz7bzQl2Iy/HhCmzxDylFLhu50f91o+'

const withRecord = (text: string): string => `${SAMPLE}record: ${text}\n`

test('without a section the record keeps digests for six years, and nobody cosigns', () => {
  expect(policyOf(SAMPLE).record).toEqual({
    results: 'digest',
    retention: { defaultMs: 6 * 366 * DAY, classes: [] },
    witnesses: [],
    quorum: 0,
    sessionIdleMs: 12 * 3_600_000,
    review: {
      hours: { timeZone: 'UTC', days: [1, 2, 3, 4, 5], fromMinute: 360, untilMinute: 1260 },
      massReadRows: 50_000,
      denials: 5,
      denialsWithinMs: 600_000,
      similarCalls: 30,
      similarWithinMs: 600_000,
    },
  })
})

test('everything the section can say', () => {
  const { record } = policyOf(`${SAMPLE}
record:
  results: masked
  retention:
    default: 2190d
    classes:
      - { id: claims, keep: 10y, tables: acme.Hospital.claims* }
      - { id: refused, keep: 90d, tables: [a.b.c, a.b.d], decisions: [deny, require-approval] }
  witnesses:
    - { url: https://witness.acme.example/north, key: ${NORTH} }
    - { url: 'http://127.0.0.1:8099', key: ${SOUTH} }
  quorum: 1
  sessionIdle: 30m
  review:
    hours: { timeZone: Europe/Zurich, days: [mon, sat], from: '22:00', until: '06:30' }
    massReadRows: 1
    denials: 2
    denialsWithin: 1h
    similarCalls: 1000
    similarWithin: 90s
`)
  expect(record).toEqual({
    results: 'masked',
    retention: {
      defaultMs: 2190 * DAY,
      classes: [
        {
          id: 'claims',
          keepMs: 3660 * DAY,
          tables: ['acme.hospital.claims*'],
          decisions: undefined,
        },
        {
          id: 'refused',
          keepMs: 90 * DAY,
          tables: ['a.b.c', 'a.b.d'],
          decisions: ['deny', 'require-approval'],
        },
      ],
    },
    witnesses: [
      { url: 'https://witness.acme.example/north', key: NORTH },
      { url: 'http://127.0.0.1:8099', key: SOUTH },
    ],
    quorum: 1,
    sessionIdleMs: 1_800_000,
    review: {
      hours: { timeZone: 'Europe/Zurich', days: [1, 6], fromMinute: 1320, untilMinute: 390 },
      massReadRows: 1,
      denials: 2,
      denialsWithinMs: 3_600_000,
      similarCalls: 1_000,
      similarWithinMs: 90_000,
    },
  })
})

test('all witnesses have to cosign unless said otherwise', () => {
  const { record } = policyOf(
    withRecord(`{ witnesses: [{ url: https://w.example, key: ${NORTH} }] }`),
  )
  expect(record.quorum).toBe(1)
})

const WITNESS = `{ url: https://w.example, key: ${NORTH} }`
const LONG = 'expected a time such as `90d` or `6y`, at most 100 years'
const KEY = 'expected the verifier key of a witness: `<name>+<key id>+<base64>`'

test.each([
  ['{ results: rows }', 'must be one of `none`, `digest`, `masked`'],
  ['{ retention: { default: 6 } }', 'expected a time'],
  ['{ retention: { default: 24h } }', LONG],
  ['{ retention: { default: 101y } }', LONG],
  ['{ retention: { classes: [{ id: a, keep: 1d }] } }', 'missing `tables` or `decisions`'],
  ['{ retention: { classes: [{ id: default, keep: 1d, tables: a.b.c }] } }', 'always there'],
  ['{ retention: { classes: [{ id: record, keep: 1d, tables: a.b.c }] } }', 'always there'],
  ['{ retention: { classes: [{ id: a, keep: 1d, decisions: refuse }] } }', 'expected permit'],
  ['{ retention: { classes: [{ id: a, keep: 1d, tables: a.b }] } }', 'project.dataset.table'],
  [
    '{ retention: { classes: [{ id: a, keep: 1d, tables: a.b.c }, { id: a, keep: 2d, tables: a.b.d }] } }',
    'the id of a retention class is used twice',
  ],
  [`{ witnesses: [{ url: http://w.example, key: ${NORTH} }] }`, 'expected an https address'],
  [`{ witnesses: [{ url: https://w.example/, key: ${NORTH} }] }`, 'expected an https address'],
  ['{ witnesses: [{ url: https://w.example, key: north }] }', KEY],
  [`{ witnesses: [{ url: https://w.example, key: ${NORTH.replace('+', '+0')} }] }`, KEY],
  [`{ witnesses: [${WITNESS}, ${WITNESS}] }`, 'the name of a witness is used twice'],
  [`{ witnesses: [${WITNESS}], quorum: 2 }`, 'more than there are `witnesses`: `2`'],
  ['{ quorum: 1 }', 'more than there are `witnesses`: `1`'],
  ['{ quorum: 0 }', 'expected a whole number above 0'],
  ['{ sessionIdle: 2d }', 'at most 24 hours'],
  ['{ review: { massReadRows: 0 } }', 'expected a whole number above 0'],
  ['{ review: { denials: 1 } }', 'expected a whole number from 2 to 1000'],
  ['{ review: { similarCalls: 1001 } }', 'expected a whole number from 2 to 1000'],
  ['{ review: { denialsWithin: 2d } }', 'at most 24 hours'],
  ['{ review: { similarWithin: 0m } }', 'expected a time'],
  ['{ review: { hours: { timeZone: Europe/Zuric } } }', 'no time zone has this IANA name'],
  ['{ review: { hours: { from: 8 } } }', 'from'],
  ["{ review: { hours: { until: '24:00' } } }", 'expected a time of day'],
  ['{ review: { hours: { days: [] } } }', 'days'],
  ['{ review: { firstRead: 1 } }', 'firstRead'],
])('%s', (text, problem) => {
  const problems = problemsOf(withRecord(text))
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(problem)
})

test('no group both sees to policy and has records erased', () => {
  const roles = 'roles: { officers: [policy-admin, records-manager] }\nrules:'
  expect(problemsOf(SAMPLE.replace('rules:', roles))).toEqual([
    '10:20: roles.officers: nobody is both `policy-admin` and `records-manager`',
  ])
})
