import { canonicalJson } from '../kernel/canonical-json.ts'

/** What the log holds of an entry: no personal data. FORMAT.md §5. */
export type Leaf = SoundLeaf | InvalidLeaf

interface LeafOf<Kind> {
  readonly t: 'sluice-leaf/v1'
  /** When the entry became durable by the store's clock, epoch microseconds. */
  readonly c: number
  /** Hash of the entry, hex. */
  readonly e: string
  /** Id of the entry. */
  readonly i: string
  /** Type of the entry. */
  readonly k: Kind
}

/** Of an entry that holds, with its writer, number and stamp. */
export interface SoundLeaf extends LeafOf<string> {
  /** Number of the stamp. */
  readonly n: number
  /** SHA-256, hex, of the ciphertext of its private facts; undefined without. */
  readonly p: string | undefined
  /** Hash of the stamp, hex. */
  readonly s: string
  /** Id of the writer. */
  readonly w: string
}

/** Of what is stored and is no entry: `e` is the SHA-256 of the raw bytes. */
export interface InvalidLeaf extends LeafOf<'invalid'> {
  readonly n?: undefined
  readonly p?: undefined
  readonly s?: undefined
  readonly w?: undefined
}

/** The bytes of a leaf as they are in an entry bundle. Throws `TypeError` for one without canonical JSON. */
export function encodeLeaf(leaf: Leaf): Buffer {
  return Buffer.from(canonicalJson(leaf))
}
