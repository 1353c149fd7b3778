import type { Actor } from './actors.ts'

/** One thing that somebody does in the day. */
export type Step = {
  /** Milliseconds since the day began. */
  readonly at: number
} & (
  | QueryStep
  | PollStep
  | PageStep
  | VoteStep
  | ReadStep
  | KnockStep
  | { readonly kind: 'policy'; readonly edition: PolicyEdition }
)

/** Somebody at work: what is done in one stretch is one session. */
export interface Stretch {
  readonly actor: Actor
  /** Tells apart the stretches of one actor. */
  readonly key: string
  /** As the client names the session, if it does. */
  readonly session?: string | undefined
  /** Of the run of a CI job: what its issuer vouches for. */
  readonly claims?: Readonly<Record<string, string>> | undefined
  readonly address: string
}

export interface QueryStep {
  readonly kind: 'query'
  readonly by: Stretch
  readonly sql: string
  readonly expect: Expected
  /** What later steps call it. */
  readonly name?: string | undefined
  readonly justification?: string | undefined
  readonly breakGlass?: boolean | undefined
  readonly dryRun?: boolean | undefined
  readonly maxResults?: number | undefined
  /** Named STRING parameters. */
  readonly parameters?: Readonly<Record<string, string>> | undefined
}

/** Looks for the rows of a query that was held. */
export interface PollStep {
  readonly kind: 'poll'
  readonly by: Stretch
  readonly of: string
  readonly expect: Expected
}

/** Fetches the next page of a query. */
export interface PageStep {
  readonly kind: 'page'
  readonly by: Stretch
  readonly of: string
  readonly maxResults: number
}

/** Looks at a request for approval, and decides. */
export interface VoteStep {
  readonly kind: 'vote'
  readonly by: Stretch
  readonly on: string
  readonly verdict: 'approve' | 'deny' | 'review'
  readonly reason: string
}

/** `GET` of something that is no query. */
export interface ReadStep {
  readonly kind: 'read'
  readonly by: Stretch
  readonly path: string
  readonly status: number
}

/** Comes with a token that is not believed. */
export interface KnockStep {
  readonly kind: 'knock'
  /** Which: none, no JWT, one of an issuer nobody trusts, or that of a stretch of work (its key) long ago. */
  readonly token: 'missing' | 'malformed' | 'stranger' | { readonly expiredOf: string }
  readonly userAgent: string
  readonly address: string
}

/** How a query ends. */
export type Expected = 'rows' | 'held' | 'denied' | 'invalid' | 'not-found'

/** Which policy is put into force. */
export type PolicyEdition = 'morning' | 'afternoon'
