import { type Brand, mint } from '../kernel/brand.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import type { Note } from './note.ts'
import type { VerifierKey } from './verifier-key.ts'
import { type VerifiedSignature, verifySignature } from './verify-signature.ts'

/** A note that at least one known key has signed. Minted only by `verifyNote`. */
export type VerifiedNote = Brand<
  {
    readonly text: string
    /** By known keys, each key once; of a witness that signed twice, what it signed last. */
    readonly signatures: readonly VerifiedSignature[]
  },
  'VerifiedNote'
>

/**
 * Why a note cannot be relied on: a signature by a known key does not hold, or no known key signed.
 * Or two known keys share name and key id, so that nobody can say which of them signed.
 */
export type NoteVerificationProblem =
  | {
      readonly problem: 'note-signature-invalid' | 'note-keys-ambiguous'
      readonly name: string
      readonly keyId: string
    }
  | { readonly problem: 'note-not-signed' }

/**
 * The note, if known keys vouch for it. Signatures by unknown keys are ignored; one invalid
 * signature by a known key refuses the note, also when there is a valid one. C2SP signed-note,
 * “Signatures”.
 */
export function verifyNote(
  { text, signatures }: Note,
  keys: readonly VerifierKey[],
): Result<VerifiedNote, NoteVerificationProblem> {
  const known = new Map<string, VerifierKey>()
  for (const key of keys) {
    const { name, keyId } = key
    if (known.has(`${name} ${keyId}`)) return err({ problem: 'note-keys-ambiguous', name, keyId })
    known.set(`${name} ${keyId}`, key)
  }
  const verified = new Map<VerifierKey, VerifiedSignature>()
  for (const { name, keyId, signature } of signatures) {
    const key = known.get(`${name} ${keyId}`)
    if (key === undefined) continue
    const found = verifySignature(key, text, signature)
    if (found === undefined) return err({ problem: 'note-signature-invalid', name, keyId })
    if ((found.at ?? 0) >= (verified.get(key)?.at ?? 0)) verified.set(key, found)
  }
  if (verified.size === 0) return err({ problem: 'note-not-signed' })
  return ok(mint<VerifiedNote>({ text, signatures: [...verified.values()] }))
}
