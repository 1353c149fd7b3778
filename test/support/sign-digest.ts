import { type KeyObject, createECDH } from 'node:crypto'

/** FIPS 186-5 §6.4.1 over a digest that was made elsewhere, which node:crypto does not offer. DER. */
export function signDigest(digest: Buffer, key: KeyObject): Buffer {
  const d = BigInt(
    `0x${Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url').toString('hex')}`,
  )
  const once = createECDH('prime256v1')
  const point = once.generateKeys()
  const k = BigInt(`0x${once.getPrivateKey('hex')}`)
  const r = BigInt(`0x${point.subarray(1, 33).toString('hex')}`) % ORDER
  const s = (power(k, ORDER - 2n) * (BigInt(`0x${digest.toString('hex')}`) + r * d)) % ORDER
  const numbers = Buffer.concat([der(r), der(s)])
  return Buffer.concat([Buffer.of(0x30, numbers.length), numbers])
}

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let b = base, e = exponent; e > 0n; e >>= 1n, b = (b * b) % ORDER)
    if (e & 1n) result = (result * b) % ORDER
  return result
}

function der(number: bigint): Buffer {
  const hex = number.toString(16)
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  const positive = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes
  return Buffer.concat([Buffer.of(0x02, positive.length), positive])
}
