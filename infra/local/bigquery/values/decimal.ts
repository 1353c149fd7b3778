const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/

/**
 * The bytes of `NumericValue::SerializeAsProtoBytes` for a decimal text: the number times 10^`scale` as
 * a little-endian two's complement, as short as it goes. Digits beyond the scale are rounded half away
 * from zero. Undefined when the text is no number or needs more than `digits` digits.
 */
export function encodeDecimal(text: string, scale: number, digits: number): Buffer | undefined {
  const [matched, sign = '', whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? []
  if (matched === undefined || whole + fraction === '') return undefined
  const shift = scale + Number(exponent) - fraction.length
  if (shift > digits + 40) return /^0*$/.test(whole + fraction) ? Buffer.of(0) : undefined
  const all = BigInt(whole + fraction)
  const scaled = shift >= 0 ? all * 10n ** BigInt(shift) : roundedDivision(all, -shift)
  if (scaled >= 10n ** BigInt(digits)) return undefined
  return twosComplement(sign === '-' ? -scaled : scaled)
}

/** The decimal text of such bytes, without trailing zeros. */
export function decodeDecimal(bytes: Uint8Array, scale: number): string {
  let value = 0n
  for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte)
  value = BigInt.asIntN(bytes.length * 8, value)
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0')
  const text = `${digits.slice(0, -scale)}.${digits.slice(-scale)}`.replace(/\.?0+$/, '')
  return value < 0n ? `-${text}` : text
}

function roundedDivision(value: bigint, zeros: number): bigint {
  const divisor = 10n ** BigInt(zeros)
  return (value + divisor / 2n) / divisor
}

function twosComplement(value: bigint): Buffer {
  const bytes: number[] = []
  for (let rest = value; ; rest >>= 8n) {
    bytes.push(Number(rest & 255n))
    const negative = ((bytes.at(-1) ?? 0) & 128) !== 0
    if (rest >> 8n === (negative ? -1n : 0n)) return Buffer.from(bytes)
  }
}
