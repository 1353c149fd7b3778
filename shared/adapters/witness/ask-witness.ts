import { setTimeout as wait } from 'node:timers/promises'

import { type Result, err, ok } from '../../kernel/result.ts'
import type { ProofFrom } from '../../recording/log/witnesses.ts'
import type { NoteSignature } from '../../tlog/note.ts'
import { parseNote } from '../../tlog/parse-note.ts'
import type { VerifierKey } from '../../tlog/verifier-key.ts'
import { verifySignature } from '../../tlog/verify-signature.ts'
import { addCheckpoint } from './add-checkpoint.ts'
import type { WitnessProblem } from './witness-refusal.ts'

/** A witness, and what is remembered of it. */
export interface Witness {
  /** Submission prefix. */
  readonly url: string
  readonly key: VerifierKey<'ed25519-cosignature'>
  /** The size it cosigned last, as far as we know; 0 for none. */
  lastSize: number
}

/** A checkpoint to be cosigned. */
export interface Unwitnessed {
  readonly size: number
  /** Of the note. */
  readonly text: string
  readonly note: Uint8Array
  readonly proofFrom: ProofFrom
}

/** One conflict tells the size, and another that somebody asked meanwhile; one answer may be lost. */
const TRIES = 4

/** Before asking anew what did not answer. */
const PAUSE_MS = 200

/**
 * The witness's cosignature on a checkpoint, verified with its key. It is asked from the size it cosigned last, which
 * it says itself when we do not know. Nothing is asked once the signal is aborted. C2SP tlog-witness.
 */
export async function askWitness(
  witness: Witness,
  { size, text, note, proofFrom }: Unwitnessed,
  signal: AbortSignal,
): Promise<Result<NoteSignature, WitnessProblem>> {
  // What it says to 0 is what it knows of the log now.
  let old = witness.lastSize <= size ? witness.lastSize : 0
  let last: WitnessProblem = unavailable('no answer in time')
  for (let tries = 0; tries < TRIES && !signal.aborted; tries += 1) {
    // oxlint-disable-next-line no-await-in-loop -- each asks what the one before was told
    const proof = await proofOf(old, size, proofFrom)
    if (proof === undefined) return err({ problem: 'witness-proof-missing', size: old })
    // oxlint-disable-next-line no-await-in-loop
    const said = await addCheckpoint(witness.url, { old, proof, note }, signal)
    switch (said.answer) {
      case 'cosigned': {
        const signature = signatureOf(witness.key, text, said.lines)
        if (signature === undefined) return err(garbled('no signature by its key on it'))
        witness.lastSize = size
        return ok(signature)
      }
      case 'conflict':
        if (said.size > size) return err({ problem: 'witness-ahead', size: said.size })
        last = garbled('conflicts without end')
        if (said.size === old) return err(last)
        old = said.size
        break
      case 'unavailable':
        last = unavailable(said.detail)
        // oxlint-disable-next-line no-await-in-loop
        if (tries + 1 < TRIES) await wait(PAUSE_MS)
        break
      case 'inconsistent':
        return err({ problem: 'witness-other-tree', size: old })
      case 'refused':
        return err({ problem: 'witness-refused', status: said.status })
      case 'garbled':
        return err(garbled(said.detail))
    }
  }
  return err(last)
}

const unavailable = (detail: string): WitnessProblem => ({ problem: 'witness-unavailable', detail })
const garbled = (detail: string): WitnessProblem => ({ problem: 'witness-garbled', detail })

async function proofOf(
  old: number,
  size: number,
  proofFrom: ProofFrom,
): Promise<readonly Uint8Array[] | undefined> {
  if (old === 0 || old === size) return []
  return proofFrom(old).catch(() => undefined)
}

/** Of all lines the newest one that this key signed. Whatever else is there is ignored, and none of it is passed on. */
function signatureOf(
  key: VerifierKey<'ed25519-cosignature'>,
  text: string,
  lines: Buffer,
): NoteSignature | undefined {
  const note = parseNote(Buffer.concat([Buffer.from(`${text}\n`), lines]))
  // Lines that hold an empty one would end another text than ours.
  if (!note.ok || note.value.text !== text) return undefined
  return newest(key, text, note.value.signatures)
}

function newest(
  key: VerifierKey<'ed25519-cosignature'>,
  text: string,
  signatures: readonly NoteSignature[],
): NoteSignature | undefined {
  let found: { readonly signature: NoteSignature; readonly at: number } | undefined
  for (const signature of signatures) {
    if (signature.name !== key.name || signature.keyId !== key.keyId) continue
    const at = verifySignature(key, text, signature.signature)?.at
    // C2SP tlog-witness: a witness must not leave the time out.
    if (at !== undefined && at > (found?.at ?? 0)) found = { signature, at }
  }
  return found?.signature
}
