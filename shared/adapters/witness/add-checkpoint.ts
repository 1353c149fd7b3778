import { encodeBase64 } from '../../tlog/base64.ts'
import { parseDecimal } from '../../tlog/decimal.ts'
import { NoReply, wholeReply } from '../whole-reply.ts'

/** What a witness is sent. */
export interface AddCheckpoint {
  /** Size of the tree it cosigned last, 0 for none. */
  readonly old: number
  /** From there to the checkpoint. */
  readonly proof: readonly Uint8Array[]
  /** The checkpoint, signed by its log. */
  readonly note: Uint8Array
}

/** What it says to that; nothing of it is verified. */
export type AddCheckpointAnswer =
  | { readonly answer: 'cosigned'; readonly lines: Buffer }
  /** The size it cosigned last is this one. */
  | { readonly answer: 'conflict'; readonly size: number }
  | { readonly answer: 'inconsistent' }
  | { readonly answer: 'refused'; readonly status: number }
  | { readonly answer: 'unavailable' | 'garbled'; readonly detail: string }

/** Room for a hundred signatures of every type there is. */
const MAX_REPLY_BYTES = 512 * 1024

/** C2SP tlog-witness: clients must not send more. */
const MAX_PROOF_HASHES = 63

/**
 * Asks the witness at a submission prefix once. Asking again is safe. Throws as `encodeAddCheckpoint`, and `TypeError`
 * for an address that is neither https nor on this machine.
 */
export async function addCheckpoint(
  prefix: string,
  request: AddCheckpoint,
  signal: AbortSignal,
): Promise<AddCheckpointAnswer> {
  const body = encodeAddCheckpoint(request)
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'user-agent': 'sluice' }
  try {
    const limits = { signal, maxBytes: MAX_REPLY_BYTES }
    const reply = await wholeReply(
      `${prefix}/add-checkpoint`,
      { method: 'POST', headers, body },
      limits,
    )
    return answerOf(reply.status, reply.body)
  } catch (cause) {
    if (!(cause instanceof NoReply)) throw cause
    return { answer: 'unavailable', detail: cause.message }
  }
}

/** The body of the request. Throws `RangeError` for a proof that is longer than any can be. */
export function encodeAddCheckpoint({ old, proof, note }: AddCheckpoint): Buffer<ArrayBuffer> {
  if (proof.length > MAX_PROOF_HASHES) throw new RangeError('a proof has at most 63 hashes')
  const lines = [`old ${old}`, ...proof.map(encodeBase64), '']
  return Buffer.concat([Buffer.from(lines.map((line) => `${line}\n`).join('')), note])
}

function answerOf(status: number, body: Buffer): AddCheckpointAnswer {
  if (status === 200) return { answer: 'cosigned', lines: body }
  if (status === 409) {
    const size = parseDecimal(/^(.*)\n$/.exec(body.toString('latin1'))?.[1] ?? '')
    return size === undefined
      ? { answer: 'garbled', detail: 'a conflict without a size' }
      : { answer: 'conflict', size }
  }
  if (status === 422) return { answer: 'inconsistent' }
  if (status === 408 || status === 429 || status >= 500)
    return { answer: 'unavailable', detail: `status \`${status}\`` }
  return { answer: 'refused', status }
}
