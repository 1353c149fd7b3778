/**
 * Whether 32 bytes are a key to verify with: the one encoding of a point on edwards25519 that is
 * not of low order. RFC 8032 §5.1.3.
 */
export function isSoundPoint(encoded: Uint8Array): boolean {
  const y = yOf(encoded)
  return y < P && !isLowOrder(encoded) && isSquare((y * y - 1n) * (D * y * y + 1n))
}

/**
 * Whether 32 bytes are the encoding of a point whose order divides the cofactor. Under such a key
 * one signature holds for many texts, so it binds nobody.
 */
export function isLowOrder(encoded: Uint8Array): boolean {
  return LOW_ORDER.has(yOf(encoded))
}

// The field and the curve -x² + y² = 1 + dx²y². RFC 8032 §5.1.
const P = 2n ** 255n - 19n
const D = 0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3n

// The y of the eight points whose order divides the cofactor; ± of one y differ only in the sign of x.
const ORDER_EIGHT = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n
const LOW_ORDER: ReadonlySet<bigint> = new Set([0n, 1n, P - 1n, ORDER_EIGHT, P - ORDER_EIGHT])

/** The y coordinate: little-endian, without the bit that is the sign of x. */
function yOf(encoded: Uint8Array): bigint {
  return BigInt.asUintN(255, BigInt(`0x${Buffer.from(encoded.toReversed()).toString('hex')}`))
}

/**
 * Euler's criterion. x² = (y² - 1) / (dy² + 1) has a root just when the product of the two has one,
 * as they differ by a square; the divisor is never 0.
 */
function isSquare(value: bigint): boolean {
  let power = 1n
  let base = value % P
  for (let rest = (P - 1n) / 2n; rest > 0n; rest >>= 1n) {
    if (rest % 2n === 1n) power = (power * base) % P
    base = (base * base) % P
  }
  return power === 1n
}
