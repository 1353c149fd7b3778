import type { GrantId, Vote } from './grant.ts'

/** What functions tell each other. Ids, digests, names of tables and numbers: no SQL, no values. */
export type ApprovalMessage = ApprovalRequested | VoteCast

/** To whoever notifies people. Topic `approval-requests`. */
export interface ApprovalRequested {
  readonly type: 'dev.sluice.approval.requested'
  /** The same for every copy of the message. */
  readonly id: string
  readonly at: number
  readonly grant: GrantId
  /** What to tell them. */
  readonly news: 'asked' | 'reminder' | 'escalation' | 'broke-glass'
  readonly digest: string
  readonly tables: readonly string[]
  readonly estimatedBytes: number | undefined
}

/** To whoever settles. Topic `approval-decisions`. */
export interface VoteCast {
  readonly type: 'dev.sluice.approval.vote'
  /** `Vote.id`. */
  readonly id: string
  readonly at: number
  readonly grant: GrantId
  readonly vote: Vote
}

/**
 * Port. Resolves once the message will be delivered at least once, in any order, perhaps late; rejects if it may
 * not. Publishing again is safe: `id` tells copies apart.
 */
export type Publish = (message: ApprovalMessage) => Promise<void>

/**
 * What a topic delivers to. A rejection means: again later. After some tries the message goes to
 * the dead letters, which are read as well.
 */
export type Receive<M extends ApprovalMessage> = (message: M) => Promise<void>
