import { encodeBase64 } from './base64.ts'
import { isKeyName } from './key-name.ts'

/** A text and who claims to have signed it. C2SP signed-note. */
export interface Note {
  /** One or more lines, each with its newline. It means nothing before a signature was verified. */
  readonly text: string
  /** At least one. */
  readonly signatures: readonly NoteSignature[]
}

export interface NoteSignature {
  readonly name: string
  /** Four bytes in lower-case hex. */
  readonly keyId: string
  /** What the type of the key says; at least one byte. */
  readonly signature: Uint8Array
}

/** The longest note that is read and written, in bytes, and how many signatures it has at most. */
export const MAX_NOTE_BYTES = 1_000_000
export const MAX_SIGNATURES = 100

/**
 * The note in the form that is published. Throws `TypeError` for one that `parseNote` would not
 * read.
 */
export function encodeNote({ text, signatures }: Note): Buffer {
  if (!isNoteText(text))
    throw new TypeError('the text of a note is lines without control characters')
  const note = Buffer.from(`${text}\n${signatures.map(signatureLine).join('')}`)
  if (signatures.length === 0 || signatures.length > MAX_SIGNATURES || note.length > MAX_NOTE_BYTES)
    throw new TypeError('a note has 1 to 100 signatures and at most 1,000,000 bytes')
  return note
}

/**
 * Whether a text can be signed: well-formed, ending in a newline, without other control characters.
 */
export function isNoteText(text: string): boolean {
  return text.isWellFormed() && text.endsWith('\n') && !hasControlCharacters(Buffer.from(text))
}

/** Whether UTF-8 bytes hold an ASCII control character other than a newline. */
export function hasControlCharacters(bytes: Uint8Array): boolean {
  return bytes.some((byte) => byte < 0x20 && byte !== 0x0a)
}

function signatureLine({ name, keyId, signature }: NoteSignature): string {
  if (!isKeyName(name) || !/^[0-9a-f]{8}$/.test(keyId) || signature.length === 0)
    throw new TypeError('a signature has a key name, a key id and at least one byte')
  return `— ${name} ${encodeBase64(Buffer.concat([Buffer.from(keyId, 'hex'), signature]))}\n`
}
