import { type Result, err, ok } from '../kernel/result.ts'
import { decodeBase64, decodeHash, encodeBase64 } from './base64.ts'
import { parseDecimal } from './decimal.ts'

const VERSION = 'c2sp.org/tlog-proof@v1'

/** A tree of 2^53 leaves is as high as that. */
const MAX_HASHES = 53

/** A proof that a log holds an entry, to be kept and verified without the log. C2SP tlog-proof. */
export interface TlogProof {
  /** What the proof's maker adds; not authenticated. Not empty. */
  readonly extra: Uint8Array | undefined
  /** Of the entry in the log, from 0; a safe integer. */
  readonly index: number
  /** The inclusion proof, hashes of 32 bytes. */
  readonly hashes: readonly Uint8Array[]
  /** The checkpoint it leads to: a signed note, verbatim and unverified. */
  readonly checkpoint: Uint8Array
}

/**
 * Bytes that are no such proof; what is wrong with the checkpoint in it shows when that is opened.
 */
export interface TlogProofProblem {
  readonly problem: 'tlog-proof-malformed'
}

/** The proof as it is kept in a file. Throws `RangeError` for one that has no such form. */
export function encodeTlogProof({ extra, index, hashes, checkpoint }: TlogProof): Buffer {
  const lines = [
    VERSION,
    ...(extra === undefined ? [] : [`extra ${encodeBase64(extra)}`]),
    `index ${index}`,
    ...hashes.map(encodeBase64),
  ]
  const bytes = Buffer.concat([Buffer.from(`${lines.join('\n')}\n\n`), checkpoint])
  const read = parseTlogProof(bytes)
  if (!read.ok || read.value.hashes.length !== hashes.length)
    throw new RangeError('there is no such proof')
  return bytes
}

/**
 * The proof in these bytes, unverified. Only what `encodeTlogProof` writes is one. C2SP tlog-proof,
 * “Format”.
 */
export function parseTlogProof(bytes: Uint8Array): Result<TlogProof, TlogProofProblem> {
  const end = Buffer.from(bytes).indexOf('\n\n')
  const [version, ...lines] = Buffer.from(bytes.subarray(0, Math.max(end, 0)))
    .toString('latin1')
    .split('\n')
  const [first = ''] = lines
  const extra = first.startsWith('extra ') ? decodeBase64(first.slice(6)) : undefined
  const [indexLine = '', ...proof] = first.startsWith('extra ') ? lines.slice(1) : lines
  const index = indexLine.startsWith('index ') ? parseDecimal(indexLine.slice(6)) : undefined
  const hashes = proof.map(decodeHash)
  if (
    version !== VERSION ||
    (first.startsWith('extra ') && (extra === undefined || extra.length === 0)) ||
    index === undefined ||
    hashes.length > MAX_HASHES ||
    !hashes.every((hash) => hash !== undefined)
  )
    return err({ problem: 'tlog-proof-malformed' })
  return ok({ extra, index, hashes, checkpoint: bytes.subarray(end + 2) })
}
