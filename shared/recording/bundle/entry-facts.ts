import {
  type Shape,
  base32Id,
  count,
  integer,
  list,
  maybe,
  members,
  one,
  oneOf,
  sha256,
  text,
} from './shapes.ts'

/** What every entry has. */
export interface Outline {
  readonly type: string
  readonly id: string
  /** Epoch milliseconds. */
  readonly at: number
  readonly private:
    | { readonly ciphertext: string; readonly commitment: string; readonly length: number }
    | undefined
}

/** What is compared between entries, of the types of which anything is. */
export type EntryFacts = Known | { readonly type: 'other' }

type Known = ShapeOf<(typeof SHAPES)[keyof typeof SHAPES]>
type ShapeOf<S> = S extends Shape<infer T> ? T : never

/** What one type of entry says. */
export type FactsOf<Type extends EntryFacts['type']> = Extract<EntryFacts, { readonly type: Type }>

/** The facts of an entry; undefined for one that lacks a member its type has. */
export function factsOf(type: string, entry: unknown): EntryFacts | undefined {
  const shape = BY_TYPE.get(type)
  if (shape === undefined) return { type: 'other' }
  return shape(entry) ? entry : undefined
}

/** What every entry has to have, whatever its type. */
export const isOutline: Shape<Outline> = members({
  v: one,
  type: text,
  id: text,
  at: integer,
  private: maybe(members({ ciphertext: sha256, commitment: sha256, length: count })),
})

const person = {
  issuer: text,
  subject: text,
  email: maybe(text),
  clientId: maybe(text),
  actors: list(members({ issuer: maybe(text), subject: text })),
}
const principal = members(person)
const voter = members(person)
const session = members({ id: text })
const call = base32Id
const delivery = members({ bytes: count, digest: maybe(sha256), rowsDigest: maybe(sha256) })

const EVENTS = [
  'asked',
  'voted',
  'approved',
  'denied',
  'expired',
  'cancelled',
  'revoked',
  'starting',
  'started',
  'not-started',
  'used',
  'reminded',
  'escalated',
  'broke-glass',
  'reviewed',
] as const
const event = members({
  type: oneOf(...EVENTS),
  vote: maybe(members({ by: voter, verdict: oneOf('approve', 'deny'), digest: text })),
  box: maybe(members({})),
  call: maybe(text),
})

const SHAPES = {
  request: members({
    type: oneOf('request'),
    call,
    principal,
    session,
    decision: members({ effect: oneOf('permit', 'require-approval') }),
    grant: maybe(text),
  }),
  approval: members({
    type: oneOf('approval'),
    call,
    request: sha256,
    session: text,
    grant: text,
    digest: text,
    number: count,
    event,
  }),
  'refused-vote': members({ type: oneOf('refused-vote'), call, request: sha256, session: text }),
  refusal: members({
    type: oneOf('refusal'),
    call,
    principal: maybe(principal),
    session: maybe(session),
  }),
  page: members({ type: oneOf('page'), call, request: sha256, principal, session, delivery }),
  outcome: members({
    type: oneOf('outcome'),
    call,
    request: sha256,
    session: text,
    outcome: text,
    delivery: maybe(delivery),
  }),
  'session-opened': members({ type: oneOf('session-opened'), principal, session }),
  'session-closed': members({
    type: oneOf('session-closed'),
    session: text,
    number: count,
    from: count,
    to: count,
    count,
    root: text,
  }),
  'writer-opened': members({
    type: oneOf('writer-opened'),
    writer: base32Id,
    certificate: text,
    signature: text,
    authority: text,
  }),
  'writer-gap': members({
    type: oneOf('writer-gap'),
    writer: base32Id,
    missed: list(members({ number: count, stamp: sha256, reason: text })),
  }),
  'writer-closed': members({ type: oneOf('writer-closed'), writer: base32Id }),
  'retention-deleted': members({
    type: oneOf('retention-deleted'),
    from: count,
    to: count,
    count,
  }),
  'sealed-batch': members({
    type: oneOf('sealed-batch'),
    batch: count,
    from: count,
    size: count,
    until: count,
    root: text,
    writers: list(members({ writer: text, number: count, stamp: sha256 })),
    missing: list(members({ writer: text, number: count })),
    late: list(count),
    invalid: list(count),
  }),
} as const

const BY_TYPE: ReadonlyMap<string, Shape<Known>> = new Map(Object.entries(SHAPES))
