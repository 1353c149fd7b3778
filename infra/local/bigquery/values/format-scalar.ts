import { messageAt, textOf } from '../engine/message.ts'
import type { ScalarKind } from '../types/sql-type.ts'
import { dateTimeMicros, timeMicros } from './civil-bits.ts'
import { formatDate, formatDateTime, formatTime } from './civil-time.ts'
import { decodeDecimal } from './decimal.ts'
import { formatDouble } from './double.ts'
import { decodeInterval } from './interval.ts'
import type { Value } from './value.ts'

/** BigQuery's `DataFormatOptions`, as far as they are known here. */
export interface FormatOptions {
  /** Timestamps as microseconds, not as seconds with a fraction. */
  readonly useInt64Timestamp: boolean
}

/** The text that BigQuery's replies show for a value that is not NULL. Throws when it is not of that type. */
export function formatScalar(kind: ScalarKind, value: Value, options: FormatOptions): string {
  return formatters[kind](value, options)
}

type Formatter = (value: Value, options: FormatOptions) => string

const formatters: Readonly<Record<ScalarKind, Formatter>> = {
  BIGNUMERIC: (value) => decodeDecimal(bytesOf(value, 'bignumeric_value'), 38),
  BOOL: (value) => String(value['bool_value']),
  BYTES: (value) => Buffer.from(bytesOf(value, 'bytes_value')).toString('base64'),
  DATE: (value) => formatDate(numberOf(value, 'date_value')),
  DATETIME: (value) => {
    const parts = messageAt(value, 'datetime_value')
    const bits = BigInt(textOf(parts, 'bit_field_datetime_seconds'))
    return formatDateTime(dateTimeMicros(bits, Number(parts['nanos'] ?? 0)))
  },
  FLOAT64: (value) => formatDouble(numberOf(value, 'double_value')),
  GEOGRAPHY: () => {
    throw new TypeError('the engine has no GEOGRAPHY values')
  },
  INT64: (value) => textOf(value, 'int64_value'),
  INTERVAL: (value) => decodeInterval(bytesOf(value, 'interval_value')),
  JSON: (value) => textOf(value, 'json_value'),
  NUMERIC: (value) => decodeDecimal(bytesOf(value, 'numeric_value'), 9),
  STRING: (value) => textOf(value, 'string_value'),
  TIME: (value) => formatTime(timeMicros(BigInt(textOf(value, 'time_value')))),
  TIMESTAMP: (value, { useInt64Timestamp }) => {
    const parts = messageAt(value, 'timestamp_value')
    const seconds = BigInt(textOf(parts, 'seconds') || '0')
    const micros = seconds * 1_000_000n + BigInt(Math.trunc(Number(parts['nanos'] ?? 0) / 1000))
    return useInt64Timestamp ? String(micros) : formatSeconds(Number(micros) / 1e6)
  },
}

/** Always with an exponent, as BigQuery shows it: `1.577934245E9`. */
function formatSeconds(seconds: number): string {
  const [digits = '', exponent = ''] = seconds.toExponential().split('e')
  const shown = digits.includes('.') ? digits : `${digits}.0`
  return Number(exponent) === 0 ? shown : `${shown}E${Number(exponent)}`
}

function numberOf(value: Value, name: string): number {
  const number = value[name]
  if (typeof number !== 'number') throw new TypeError(`no ${name} in a value`)
  return number
}

function bytesOf(value: Value, name: string): Uint8Array {
  const bytes = value[name]
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`no ${name} in a value`)
  return bytes
}
