/** How people approve what is held; an entry of `approvals` in the policy. Plain data: a grant keeps a copy. */
export interface ApprovalTerms {
  readonly id: string
  readonly description: string
  /** Who has to agree: enough members of `all` groups, or of `any` one of them. */
  readonly approvers: {
    readonly of: 'all' | 'any'
    readonly groups: readonly { readonly group: string; readonly votes: number }[]
  }
  /** Distinct people it takes at least. */
  readonly quorum: number
  /** `principalKey` of each machine that may vote. */
  readonly machines: readonly string[]
  /** How long a request waits for votes, in milliseconds. */
  readonly waitMs: number
  /** How long an approved query may take to start, in milliseconds. */
  readonly useWithinMs: number
  /** When people may be asked, may vote, and what they approved may start; undefined: at any time. */
  readonly hours: ApprovalHours | undefined
  /** So long after it was asked, whoever may vote is reminded; in milliseconds, ascending. */
  readonly remindersMs: readonly number[]
  /** After so long members of this group may vote in place of any other. */
  readonly escalation:
    | {
        readonly afterMs: number
        readonly group: string
        readonly slackChannel: string | undefined
      }
    | undefined
  /** Members of this group may go ahead without anybody's vote, and answer for it afterwards. */
  readonly breakGlass: { readonly group: string } | undefined
  /** What an approver may grant beyond the query at hand; undefined: nothing. */
  readonly timeBox: { readonly longestMs: number; readonly maximumBytes: number } | undefined
  /** Where it is asked. */
  readonly slackChannel: string | undefined
}

/** A part of the week, by the clocks of one place. */
export interface ApprovalHours {
  /** IANA name, such as `Europe/Zurich`. */
  readonly timeZone: string
  /** Days on which it begins; 1 is Monday (ISO 8601). */
  readonly days: readonly number[]
  /** Minutes after midnight. When `untilMinute` is not later, it ends on the next day. */
  readonly fromMinute: number
  readonly untilMinute: number
}

/** Somebody whom policy knows by more than a token; an entry of `people`. */
export interface KnownPerson {
  /** `principalKey` of each account. All of them are one person. */
  readonly accounts: readonly string[]
  /** Their id in the workspace that `slack.team` names. */
  readonly slackUser: string | undefined
  /** What their votes count for when they come without a token; with one, its groups must agree. */
  readonly groups: readonly string[]
}

/** The one Slack workspace and app whose requests are believed. */
export interface SlackTerms {
  readonly team: string
  readonly app: string
}
