import { expect, test } from 'vitest'

import { localBigQuery } from '../../support/local-bigquery.ts'

const { query } = await localBigQuery()

const scalars: readonly (readonly [type: string, legacy: string, value: unknown, shown: string])[] =
  [
    ['INT64', 'INTEGER', 7, '7'],
    ['INT64', 'INTEGER', '-9223372036854775808', '-9223372036854775808'],
    ['STRING', 'STRING', "O'Hara", "O'Hara"],
    ['BOOL', 'BOOLEAN', true, 'true'],
    ['BOOL', 'BOOLEAN', 'false', 'false'],
    ['FLOAT64', 'FLOAT', 1.5, '1.5'],
    ['FLOAT64', 'FLOAT', 'Infinity', 'Infinity'],
    ['FLOAT64', 'FLOAT', 'NaN', 'NaN'],
    ['NUMERIC', 'NUMERIC', '12.34', '12.34'],
    [
      'BIGNUMERIC',
      'BIGNUMERIC',
      '-0.00000000000000000000000000000000000001',
      '-0.00000000000000000000000000000000000001',
    ],
    ['BYTES', 'BYTES', 'aGk=', 'aGk='],
    ['DATE', 'DATE', '1990-01-02', '1990-01-02'],
    ['TIME', 'TIME', '03:04:05.000006', '03:04:05.000006'],
    ['DATETIME', 'DATETIME', '2024-01-02T03:04:05.678', '2024-01-02T03:04:05.678'],
    ['TIMESTAMP', 'TIMESTAMP', '2024-01-02 03:04:05.678123+00:00', '1704164645678123'],
    ['JSON', 'JSON', '{"a": [1, "x"]}', '{"a":[1,"x"]}'],
    ['INTERVAL', 'INTERVAL', '1-2 3 4:5:6.500', '1-2 3 4:5:6.500'],
  ]

const structValue = (x: number, ...ys: readonly string[]) => ({
  structValues: { x: { value: x }, ys: { arrayValues: ys.map((each) => ({ value: each })) } },
})

const parameter = (type: string, value: unknown) => ({
  formatOptions: { useInt64Timestamp: true },
  queryParameters: [{ name: 'p', parameterType: { type }, parameterValue: { value } }],
})

test.each(scalars)('a %s parameter comes back as %s', async (type, legacy, value, shown) => {
  const { body } = await query('SELECT @p AS p', parameter(type, value))
  expect(body.schema.fields).toEqual([{ name: 'p', type: legacy, mode: 'NULLABLE' }])
  expect(body.rows).toEqual([{ f: [{ v: shown }] }])
})

test.each([...new Set(scalars.map(([type]) => type))])(
  'a NULL %s comes back as null',
  async (type) => {
    const { body } = await query('SELECT @p AS p, @p IS NULL AS n', parameter(type, null))
    expect(body.rows).toEqual([{ f: [{ v: null }, { v: 'true' }] }])
  },
)

test.each(scalars)(
  'a %s is stored in a column and read again',
  async (type, legacy, value, shown) => {
    await query(`CREATE OR REPLACE TABLE crm.stored (c ${type}, cs ARRAY<${type}>)`)
    await query('INSERT INTO crm.stored (c, cs) VALUES (@p, [@p, @p])', parameter(type, value))
    const { body } = await query('SELECT * FROM crm.stored', {
      formatOptions: { useInt64Timestamp: true },
    })
    expect(body.schema.fields).toEqual([
      { name: 'c', type: legacy, mode: 'NULLABLE' },
      { name: 'cs', type: legacy, mode: 'REPEATED' },
    ])
    expect(body.rows).toEqual([{ f: [{ v: shown }, { v: [{ v: shown }, { v: shown }] }] }])
  },
)

test('an ARRAY of STRUCT parameter keeps its shape', async () => {
  const struct = {
    type: 'STRUCT',
    structTypes: [
      { name: 'x', type: { type: 'INT64' } },
      { name: 'ys', type: { type: 'ARRAY', arrayType: { type: 'STRING' } } },
    ],
  }
  const { body } = await query('SELECT @p AS p', {
    queryParameters: [
      {
        name: 'p',
        parameterType: { type: 'ARRAY', arrayType: struct },
        parameterValue: { arrayValues: [structValue(1, 'a', 'b'), structValue(2)] },
      },
    ],
  })
  expect(body.schema.fields[0]).toMatchObject({
    type: 'RECORD',
    mode: 'REPEATED',
    fields: [
      { name: 'x', type: 'INTEGER', mode: 'NULLABLE' },
      { name: 'ys', type: 'STRING', mode: 'REPEATED' },
    ],
  })
  expect(body.rows[0].f[0].v).toEqual([
    { v: { f: [{ v: '1' }, { v: [{ v: 'a' }, { v: 'b' }] }] } },
    { v: { f: [{ v: '2' }, { v: [] }] } },
  ])
})

test('a RANGE parameter keeps its bounds', async () => {
  const { body } = await query('SELECT @p AS p, RANGE_START(@p) AS s', {
    queryParameters: [
      {
        name: 'p',
        parameterType: { type: 'RANGE', rangeElementType: { type: 'DATE' } },
        parameterValue: { rangeValue: { start: { value: '2024-01-01' } } },
      },
    ],
  })
  expect(body.schema.fields[0]).toMatchObject({ type: 'RANGE', rangeElementType: { type: 'DATE' } })
  expect(body.rows[0].f.map(({ v }: { v: unknown }) => v)).toEqual([
    '[2024-01-01, UNBOUNDED)',
    '2024-01-01',
  ])
})

test('positional parameters are taken in order, with or without a mode', async () => {
  const queryParameters = ['a', 'b'].map((value) => ({
    parameterType: { type: 'STRING' },
    parameterValue: { value },
  }))
  for (const mode of [{}, { parameterMode: 'POSITIONAL' }, { parameterMode: 'positional' }]) {
    const { body } = await query("SELECT ? || ?, '?' AS q", { queryParameters, ...mode })
    expect(body.rows).toEqual([{ f: [{ v: 'ab' }, { v: '?' }] }])
  }
})

test.each([
  [
    { name: 'p', parameterType: { type: 'INT64' }, parameterValue: { value: 'x' } },
    'Invalid value for parameter p of type INT64: x',
  ],
  [
    { name: 'p', parameterType: { type: 'NOPE' }, parameterValue: { value: 'x' } },
    'Invalid query parameter type: NOPE',
  ],
  [
    { name: 'p', parameterType: { type: 'GEOGRAPHY' }, parameterValue: { value: 'POINT(1 2)' } },
    'The local BigQuery cannot do this: GEOGRAPHY parameters',
  ],
])('a parameter that is none is refused', async (queryParameter, message) => {
  const { status, body } = await query('SELECT @p', { queryParameters: [queryParameter] })
  expect([status, body.error.message]).toEqual([400, message])
})

test('a missing parameter is named', async () => {
  expect((await query('SELECT @nope')).body.error.message).toBe(
    "Query parameter 'nope' not found at [1:8]",
  )
  expect((await query('SELECT 1, ?')).body.error.message).toBe(
    'Query parameter number 1 is not defined at [1:11]',
  )
})
