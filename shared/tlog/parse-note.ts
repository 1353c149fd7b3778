import { type Result, err, ok } from '../kernel/result.ts'
import { decodeBase64 } from './base64.ts'
import { isKeyName } from './key-name.ts'
import {
  MAX_NOTE_BYTES,
  MAX_SIGNATURES,
  type Note,
  type NoteSignature,
  hasControlCharacters,
} from './note.ts'

const KEY_ID_BYTES = 4

/**
 * Why bytes are no note: more than 1,000,000 of them or more than 100 signatures, no UTF-8 without
 * control characters, no empty line before the signatures, or a line there that is no signature.
 */
export interface NoteProblem {
  readonly problem: 'note-too-long' | 'note-not-text' | 'note-malformed' | 'note-signature-line'
}

/**
 * The note in these bytes, unverified. C2SP signed-note, “Format”. A note that is read and encoded
 * again gives the same bytes.
 */
export function parseNote(bytes: Uint8Array): Result<Note, NoteProblem> {
  if (bytes.length > MAX_NOTE_BYTES) return err({ problem: 'note-too-long' })
  const note = decodeText(bytes)
  if (note === undefined) return err({ problem: 'note-not-text' })
  // The text may hold empty lines: the last one ends it.
  const end = note.lastIndexOf('\n\n')
  const lines = note.slice(end + 2).split('\n')
  if (end < 0 || lines.length === 1 || lines.at(-1) !== '')
    return err({ problem: 'note-malformed' })
  if (lines.length > MAX_SIGNATURES + 1) return err({ problem: 'note-too-long' })
  const signatures = lines.slice(0, -1).map(parseSignature)
  return signatures.every((signature) => signature !== undefined)
    ? ok({ text: note.slice(0, end + 1), signatures })
    : err({ problem: 'note-signature-line' })
}

function parseSignature(line: string): NoteSignature | undefined {
  const [dash, name = '', base64 = '', ...more] = line.split(' ')
  const bytes = decodeBase64(base64)
  if (dash !== '—' || more.length > 0 || !isKeyName(name)) return undefined
  if (bytes === undefined || bytes.length <= KEY_ID_BYTES) return undefined
  return {
    name,
    keyId: bytes.toString('hex', 0, KEY_ID_BYTES),
    signature: bytes.subarray(KEY_ID_BYTES),
  }
}

function decodeText(bytes: Uint8Array): string | undefined {
  if (hasControlCharacters(bytes)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
