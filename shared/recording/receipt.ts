import { canonicalJson } from '../kernel/canonical-json.ts'
import { preAuthenticationEncoding } from '../tlog/pre-authentication-encoding.ts'

const RECEIPT_TYPE = 'application/vnd.sluice.receipt.v1+json'

/** How long after it was made a receipt has to be kept, in milliseconds. */
export const RECEIPT_TERM_MS = 300_000

/** The promise that an entry will be in the log. FORMAT.md §6. */
export interface Receipt {
  readonly v: 1
  /** Epoch milliseconds: a checkpoint that is published after it covers the entry. */
  readonly by: number
  /** Id of the entry, and its hash, hex. */
  readonly entry: string
  readonly hash: string
  /** Origin of the log. */
  readonly log: string
  readonly writer: string
}

/** A receipt with the text that is signed. */
export interface SignedReceipt {
  readonly receipt: Receipt
  /** What its writer signed. */
  readonly message: Buffer
  /** Ed25519, 64 bytes. */
  readonly signature: Buffer
}

/**
 * The value of `Sluice-Receipt`. `sign` is of the writer that stamped the entry. Throws `TypeError` for a
 * receipt without canonical JSON.
 */
export function encodeReceipt(receipt: Receipt, sign: (message: Uint8Array) => Uint8Array): string {
  const text = Buffer.from(canonicalJson(receipt))
  const signature = Buffer.from(sign(preAuthenticationEncoding(RECEIPT_TYPE, text)))
  return `${text.toString('base64url')}.${signature.toString('base64url')}`
}

/** The receipt a header's value holds, unverified; undefined unless `encodeReceipt` could have written it. */
export function parseReceipt(value: string): SignedReceipt | undefined {
  const [, first = '', second = ''] = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/.exec(value) ?? []
  const text = Buffer.from(first, 'base64url')
  const signature = Buffer.from(second, 'base64url')
  if (text.toString('base64url') !== first || signature.toString('base64url') !== second)
    return undefined
  const receipt = read(text.toString('utf8'))
  return receipt === undefined || signature.length !== SIGNATURE_BYTES
    ? undefined
    : { receipt, message: preAuthenticationEncoding(RECEIPT_TYPE, text), signature }
}

const SIGNATURE_BYTES = 64
const MEMBERS = 'by entry hash log v writer'

function read(text: string): Receipt | undefined {
  const json = parse(text)
  if (typeof json !== 'object' || json === null) return undefined
  if (Object.keys(json).toSorted().join(' ') !== MEMBERS) return undefined
  const [entry, hash, log, writer] = ['entry', 'hash', 'log', 'writer'].map((name): unknown =>
    Reflect.get(json, name),
  )
  const by: unknown = Reflect.get(json, 'by')
  if (Reflect.get(json, 'v') !== 1 || typeof by !== 'number') return undefined
  if (typeof entry !== 'string' || typeof log !== 'string') return undefined
  if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash)) return undefined
  if (typeof writer !== 'string' || !/^[a-z2-7]{26}$/.test(writer)) return undefined
  return { v: 1, by, entry, hash, log, writer }
}

function parse(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text)
    return canonicalJson(json) === text ? json : undefined
  } catch {
    return undefined
  }
}
