import { type Result, err, ok } from '../kernel/result.ts'
import { decodeHash, encodeBase64 } from './base64.ts'
import { parseDecimal } from './decimal.ts'
import { emptyRoot } from './hash.ts'
import { isNoteText } from './note.ts'

/** What a log says about itself at one size. C2SP tlog-checkpoint. */
export interface Checkpoint {
  /** The log's name; not empty. */
  readonly origin: string
  /** How many leaves it has; a safe integer. */
  readonly size: number
  /** The root hash at that size, 32 bytes. */
  readonly root: Uint8Array
  /** Further lines, none of them empty. Ours has none: nobody audits them. */
  readonly extensions: readonly string[]
}

/**
 * Why a text is no checkpoint: the first line that is wrong. `root` also when an empty tree has
 * leaves.
 */
export interface CheckpointProblem {
  readonly problem: 'checkpoint-malformed'
  readonly line: 'origin' | 'size' | 'root' | 'extension'
}

/** The text of a note that states a checkpoint. Throws `RangeError` for what is none. */
export function encodeCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  const lines = [origin, String(size), encodeBase64(root), ...extensions]
  const text = lines.map((line) => `${line}\n`).join('')
  const read = parseCheckpoint(text)
  if (!isNoteText(text) || !read.ok || read.value.extensions.length !== extensions.length)
    throw new RangeError('there is no such checkpoint')
  return text
}

/** The checkpoint a note's text states. C2SP tlog-checkpoint, “Note text”. */
export function parseCheckpoint(text: string): Result<Checkpoint, CheckpointProblem> {
  const [origin = '', sizeLine = '', rootLine = '', ...rest] = text.split('\n')
  const size = parseDecimal(sizeLine)
  const root = decodeHash(rootLine)
  const extensions = rest.slice(0, -1)
  if (origin === '') return malformed('origin')
  if (size === undefined) return malformed('size')
  if (root === undefined || (size === 0 && !root.equals(emptyRoot()))) return malformed('root')
  if (rest.at(-1) !== '' || extensions.includes('')) return malformed('extension')
  return ok({ origin, size, root, extensions })
}

const malformed = (line: CheckpointProblem['line']) =>
  err({ problem: 'checkpoint-malformed', line } as const)
