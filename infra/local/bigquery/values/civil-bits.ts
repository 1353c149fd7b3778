const DAY_SECONDS = 86_400n

/**
 * GoogleSQL's `bit_field_datetime_seconds`: year, month, day, hour, minute, second from the high bits
 * down. Microseconds from 1970-01-01 in, the field and the nanoseconds out.
 */
export function dateTimeBits(micros: bigint): { readonly bits: bigint; readonly nanos: number } {
  const [seconds, rest] = floorDivision(micros, 1_000_000n)
  const [since, time] = floorDivision(seconds, DAY_SECONDS)
  const date = new Date(Number(since) * 86_400_000)
  const calendar =
    (BigInt(date.getUTCFullYear()) << 26n) |
    (BigInt(date.getUTCMonth() + 1) << 22n) |
    (BigInt(date.getUTCDate()) << 17n)
  return { bits: calendar | clockBits(time), nanos: Number(rest) * 1000 }
}

/** The microseconds from 1970-01-01 of such a field. */
export function dateTimeMicros(bits: bigint, nanos: number): bigint {
  const date = new Date(0)
  date.setUTCFullYear(
    Number(bits >> 26n),
    Number((bits >> 22n) & 15n) - 1,
    Number((bits >> 17n) & 31n),
  )
  const seconds = BigInt(date.getTime() / 1000) + clockSeconds(bits)
  return seconds * 1_000_000n + BigInt(Math.trunc(nanos / 1000))
}

/** GoogleSQL's `time_value`: hour, minute, second, and 30 bits of nanoseconds. */
export function timeBits(micros: bigint): bigint {
  return (clockBits(micros / 1_000_000n) << 30n) | ((micros % 1_000_000n) * 1000n)
}

/** The microseconds since midnight of a `time_value`. */
export function timeMicros(bits: bigint): bigint {
  return clockSeconds(bits >> 30n) * 1_000_000n + (bits & ((1n << 30n) - 1n)) / 1000n
}

function clockBits(seconds: bigint): bigint {
  return ((seconds / 3600n) << 12n) | (((seconds / 60n) % 60n) << 6n) | (seconds % 60n)
}

function clockSeconds(bits: bigint): bigint {
  return ((bits >> 12n) & 31n) * 3600n + ((bits >> 6n) & 63n) * 60n + (bits & 63n)
}

function floorDivision(value: bigint, divisor: bigint): readonly [bigint, bigint] {
  const rest = ((value % divisor) + divisor) % divisor
  return [(value - rest) / divisor, rest]
}
