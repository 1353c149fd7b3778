import type { ScalarKind } from '../types/sql-type.ts'
import { dateTimeBits, timeBits } from './civil-bits.ts'
import { parseDate, parseDateTime, parseTime, parseTimestamp } from './civil-time.ts'
import { encodeDecimal } from './decimal.ts'
import { parseDouble } from './double.ts'
import { encodeInterval } from './interval.ts'
import type { Value } from './value.ts'

/** The value a text stands for in parameters and in JSON rows, or undefined when it is not of that type. */
export function encodeScalar(kind: ScalarKind, text: string): Value | undefined {
  return encoders[kind](text)
}

const encoders: Readonly<Record<ScalarKind, (text: string) => Value | undefined>> = {
  BIGNUMERIC: (text) => member('bignumeric_value', encodeDecimal(text, 38, 76)),
  BOOL: (text) => member('bool_value', parseBool(text)),
  BYTES: (text) => member('bytes_value', parseBase64(text)),
  DATE: (text) => member('date_value', parseDate(text)),
  DATETIME: (text) => {
    const micros = parseDateTime(text)
    if (micros === undefined) return undefined
    const { bits, nanos } = dateTimeBits(micros)
    return { datetime_value: { bit_field_datetime_seconds: String(bits), nanos } }
  },
  FLOAT64: (text) => member('double_value', parseDouble(text)),
  GEOGRAPHY: () => undefined,
  INT64: (text) => member('int64_value', parseInt64(text)),
  INTERVAL: (text) => member('interval_value', encodeInterval(text)),
  JSON: (text) => member('json_value', parseJsonText(text)),
  NUMERIC: (text) => member('numeric_value', encodeDecimal(text, 9, 38)),
  STRING: (text) => ({ string_value: text }),
  TIME: (text) => {
    const micros = parseTime(text)
    return micros === undefined ? undefined : { time_value: String(timeBits(micros)) }
  },
  TIMESTAMP: (text) => {
    const micros = parseTimestamp(text)
    if (micros === undefined) return undefined
    const rest = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n
    const seconds = String((micros - rest) / 1_000_000n)
    return { timestamp_value: { seconds, nanos: Number(rest) * 1000 } }
  },
}

function member(name: string, value: unknown): Value | undefined {
  return value === undefined ? undefined : { [name]: value }
}

function parseBool(text: string): boolean | undefined {
  const lower = text.toLowerCase()
  return lower === 'true' ? true : lower === 'false' ? false : undefined
}

function parseInt64(text: string): string | undefined {
  if (!/^[+-]?\d{1,20}$/.test(text)) return undefined
  const value = BigInt(text.replace(/^\+/, ''))
  return BigInt.asIntN(64, value) === value ? String(value) : undefined
}

function parseBase64(text: string): Buffer | undefined {
  const standard = text.replaceAll('-', '+').replaceAll('_', '/')
  return /^[A-Za-z0-9+/]*={0,2}$/.test(standard) ? Buffer.from(standard, 'base64') : undefined
}

function parseJsonText(text: string): string | undefined {
  try {
    JSON.parse(text)
    // Without the space between, and with numbers as they are: JavaScript's have fewer digits.
    return text.replaceAll(/("(?:[^"\\]|\\.)*")|\s+/g, '$1')
  } catch {
    return undefined
  }
}
