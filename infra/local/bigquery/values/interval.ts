const INTERVAL = /^([+-]?)(\d+)-(\d+) ([+-]?\d+) ([+-]?)(\d+):(\d+):(\d+)(?:\.(\d{1,9}))?$/

/**
 * The 16 bytes of `IntervalValue::SerializeAsBytes` for BigQuery's canonical `Y-M D H:M:S.F`, or
 * undefined: microseconds, days, then months with their sign and the last three digits of nanoseconds.
 */
export function encodeInterval(text: string): Buffer | undefined {
  const [matched, monthSign, years = '', months = '', days = '', timeSign, ...time] =
    INTERVAL.exec(text) ?? []
  if (matched === undefined) return undefined
  const [hours = '', minutes = '', seconds = '', fraction = ''] = time
  const whole = BigInt(hours) * 3600n + BigInt(minutes) * 60n + BigInt(seconds)
  const nanos = (whole * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'))) * signOf(timeSign)
  // The nanoseconds beyond a microsecond are counted upwards, whatever the sign.
  const beyond = ((nanos % 1000n) + 1000n) % 1000n
  const count = Number(years) * 12 + Number(months)
  if (count > 120_000 || Math.abs(Number(days)) > 3_660_000) return undefined
  const bytes = Buffer.alloc(16)
  bytes.writeBigInt64LE((nanos - beyond) / 1000n, 0)
  bytes.writeInt32LE(Number(days), 8)
  const sign = monthSign === '-' && count > 0 ? 0x8000_0000 : 0
  bytes.writeUInt32LE(sign + count * 8192 + Number(beyond), 12)
  return bytes
}

/** BigQuery's canonical text of such bytes. */
export function decodeInterval(bytes: Uint8Array): string {
  const view = Buffer.from(bytes)
  const last = view.readUInt32LE(12)
  const count = (last & 0x7fff_ffff) >>> 13
  const nanos = view.readBigInt64LE(0) * 1000n + BigInt(last & 1023)
  const size = nanos < 0n ? -nanos : nanos
  const seconds = size / 1_000_000_000n
  const fraction = String(size % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/(?:000){1,3}$/, '')
  const months = `${last >= 0x8000_0000 ? '-' : ''}${Math.floor(count / 12)}-${count % 12}`
  const time = `${seconds / 3600n}:${(seconds / 60n) % 60n}:${seconds % 60n}`
  const shown = `${nanos < 0n ? '-' : ''}${time}${fraction === '' ? '' : `.${fraction}`}`
  return `${months} ${view.readInt32LE(8)} ${shown}`
}

function signOf(text: string | undefined): bigint {
  return text === '-' ? -1n : 1n
}
