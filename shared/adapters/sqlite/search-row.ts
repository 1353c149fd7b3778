import { createHash } from 'node:crypto'

const TIE_BITS = 20n
const TIES = 1n << TIE_BITS
/** In the year 2109. */
const LATEST = 2 ** 42 - 1

/** The first row of an instant, epoch milliseconds: rows are in the order of time, without a sort. */
export function firstRow(at: number): bigint {
  return BigInt(Math.trunc(Math.min(Math.max(at, 0), LATEST))) << TIE_BITS
}

/** After every row. */
export const END_OF_ROWS = (BigInt(LATEST) + 1n) << TIE_BITS

/** Where a document of this instant is, in the order in which they are tried: the first that is free. */
export function* rowsFor(at: number, id: string): Generator<bigint> {
  const start = BigInt(createHash('sha256').update(id).digest().readUInt32BE() >>> 12)
  for (let tried = 0n; tried < TIES; tried += 1n) yield firstRow(at) + ((start + tried) % TIES)
}
