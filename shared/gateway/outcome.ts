import { type Result, err } from '../kernel/result.ts'
import type { MaskedReply } from '../masking/masked-reply.ts'
import type { Decision } from '../policy/decision.ts'
import type { OutputMask } from '../policy/mask.ts'
import type { StoredEntry } from '../recording/entry-store.ts'
import type { CallFacts } from '../recording/entry.ts'
import type { Refusal } from './refusal.ts'

/** How a method ends: bytes that may leave, or a refusal with what the record should say of it. */
export type Outcome = Result<Released, Refused>

export interface Released {
  readonly reply: MaskedReply
  /** The masks on it. */
  readonly masks: readonly OutputMask[]
  /** What policy said, where it was asked. */
  readonly effect?: Decision['effect'] | undefined
  /** What to say about approval. */
  readonly approval?: ApprovalNote | undefined
  /** The entry that says so; undefined where nothing new is recorded. */
  readonly entry?: Pick<StoredEntry, 'entry' | 'hash'> | undefined
}

/** `required`: a dry run of what would be held. `awaited`: people are asked, until `until`. */
export type ApprovalNote =
  | { readonly state: 'required' }
  | { readonly state: 'awaited'; readonly grant: string; readonly until: number }

export interface Refused {
  readonly refusal: Refusal
  readonly call: string
  readonly facts: CallFacts
  readonly decision: Decision | undefined
  /** What policy said of a call that the record has; `decision` says it of others. */
  readonly effect?: Decision['effect'] | undefined
  /** Whether the record already has it: a call that was made has a request entry. */
  readonly recorded: boolean
}

/** A refusal before anything was recorded or sent. */
export function refuse(
  refusal: Refusal,
  call: string,
  facts: CallFacts,
  decision?: Decision,
): Result<never, Refused> {
  return err({ refusal, call, facts, decision, recorded: false })
}

/** A refusal of a call whose request entry is durable. */
export function fail(
  refusal: Refusal,
  call: string,
  facts: CallFacts,
  effect?: Decision['effect'],
): Result<never, Refused> {
  return err({ refusal, call, facts, decision: undefined, effect, recorded: true })
}
