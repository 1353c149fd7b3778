import { expect, test } from 'vitest'

import type { ScalarKind } from '../../../infra/local/bigquery/types/sql-type.ts'
import { encodeScalar } from '../../../infra/local/bigquery/values/encode-scalar.ts'
import { formatScalar } from '../../../infra/local/bigquery/values/format-scalar.ts'

const micros = { useInt64Timestamp: true }

test.each<readonly [ScalarKind, string, string]>([
  ['INT64', '-9223372036854775808', '-9223372036854775808'],
  ['INT64', '+7', '7'],
  ['BOOL', 'TRUE', 'true'],
  ['FLOAT64', '1', '1.0'],
  ['FLOAT64', '0.1', '0.1'],
  ['FLOAT64', '1e100', '1.0E100'],
  ['FLOAT64', '-12345678.5', '-1.23456785E7'],
  ['FLOAT64', '0.0001', '1.0E-4'],
  ['FLOAT64', '-inf', '-Infinity'],
  ['FLOAT64', 'nan', 'NaN'],
  ['NUMERIC', '0', '0'],
  ['NUMERIC', '-1.50', '-1.5'],
  ['NUMERIC', '1e3', '1000'],
  ['NUMERIC', '0.1234567895', '0.12345679'],
  [
    'NUMERIC',
    '-99999999999999999999999999999.999999999',
    '-99999999999999999999999999999.999999999',
  ],
  ['NUMERIC', '127.5', '127.5'],
  ['NUMERIC', '0.000000128', '0.000000128'],
  [
    'BIGNUMERIC',
    '12.00000000000000000000000000000000000001',
    '12.00000000000000000000000000000000000001',
  ],
  ['DATE', '0001-01-01', '0001-01-01'],
  ['DATE', '2024-2-29', '2024-02-29'],
  ['TIME', '23:59:59.999999', '23:59:59.999999'],
  ['TIME', '1:2:3.5', '01:02:03.500'],
  ['DATETIME', '2020-01-02T03:04:05', '2020-01-02T03:04:05'],
  ['DATETIME', '1900-12-31 23:59:59.25', '1900-12-31T23:59:59.250'],
  ['TIMESTAMP', '1970-01-01T00:00:00Z', '0'],
  ['TIMESTAMP', '1969-12-31 23:59:59.5+00:00', '-500000'],
  ['TIMESTAMP', '2020-01-02 03:04:05.123456 UTC', '1577934245123456'],
  ['TIMESTAMP', '2020-01-02T03:04:05-05:30', '1577954045000000'],
  ['TIMESTAMP', '2020-01-02', '1577923200000000'],
  ['BYTES', 'aGk=', 'aGk='],
  ['STRING', "O'Hara\n", "O'Hara\n"],
  ['JSON', '{"a":[1]}', '{"a":[1]}'],
  ['INTERVAL', '1-2 3 4:5:6.789', '1-2 3 4:5:6.789'],
  ['INTERVAL', '-0-10 0 -0:0:0.000001', '-0-10 0 -0:0:0.000001'],
])('%s %s is shown as %s', (kind, text, shown) => {
  const value = encodeScalar(kind, text)
  expect(value).toBeDefined()
  expect(formatScalar(kind, value ?? {}, micros)).toBe(shown)
})

test.each([
  ['2020-01-02T03:04:05.123456Z', '1.577934245123456E9'],
  ['2020-01-02T03:04:05Z', '1.577934245E9'],
  ['1970-01-01T00:00:00Z', '0.0'],
  ['1970-01-01T00:00:01.5Z', '1.5'],
])('without useInt64Timestamp, %s is shown as %s', (text, shown) => {
  const value = encodeScalar('TIMESTAMP', text) ?? {}
  expect(formatScalar('TIMESTAMP', value, { useInt64Timestamp: false })).toBe(shown)
})

test.each<readonly [ScalarKind, string]>([
  ['INT64', '9223372036854775808'],
  ['INT64', '1.5'],
  ['BOOL', '1'],
  ['FLOAT64', '0x10'],
  ['NUMERIC', '100000000000000000000000000000'],
  ['NUMERIC', '1e9999'],
  ['NUMERIC', '.'],
  ['DATE', '2023-02-29'],
  ['DATE', '2023-01-01T00:00:00'],
  ['TIME', '24:00:00'],
  ['DATETIME', '2020-01-02 03:04:05Z'],
  ['TIMESTAMP', '2020-01-02 25:00:00Z'],
  ['BYTES', '*'],
  ['JSON', '{'],
  ['INTERVAL', '3 days'],
  ['GEOGRAPHY', 'POINT(1 2)'],
])('there is no %s %s', (kind, text) => {
  expect(encodeScalar(kind, text)).toBeUndefined()
})
