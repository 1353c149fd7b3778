import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'

import type { Principal } from '../../identity/principal.ts'
import type { Result } from '../../kernel/result.ts'
import type { Policy } from '../../policy/policy.ts'
import type { Admitted } from '../admit.ts'
import type { AuditRefusal } from '../audit-refusal.ts'

/** Something the audit API does, as it is served and as it is described: there is no other way to add a route. */
export interface AuditRoute<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType> {
  readonly method: 'get' | 'post' | 'delete'
  /** Below `/v1`, as OpenAPI spells it: `/calls/{call}`. */
  readonly path: string
  /** As the record and OpenAPI name it: `calls.get`. */
  readonly what: string
  readonly tag: string
  readonly summary: string
  readonly description: string
  /** Why somebody may not call it at all. */
  readonly mayNot: MayNot
  /**
   * `as-read`: an `audit-read` entry is durable before anything is answered; `by-itself`: what it does is an entry of its
   * own, or it reads nothing of the record.
   */
  readonly recorded: 'as-read' | 'by-itself'
  /** What its path, its query and its body have to be; `nothing` for none. Unknown names are refused. */
  readonly params: P
  readonly query: Q
  readonly body: B
  /** The most a body has. Default: 16 KiB. */
  readonly maxBodyBytes?: number
  readonly answer: DescribedAnswer
  /** Statuses of its own that it says no with, besides 400, 401, 403, 413 and 503. */
  readonly problems?: readonly (404 | 409)[]
}

/** What a route answers with: JSON in the shape of a schema, under a name; or bytes of some type. */
export type DescribedAnswer =
  | { readonly name: string; readonly schema: z.ZodType }
  | { readonly types: readonly string[] }

/** Why somebody may not do something; undefined when they may. */
export type MayNot = (principal: Principal, policy: Policy) => AuditRefusal | undefined

/** What somebody who was let in asks for, all of it understood. */
export interface Asked<P, Q, B> {
  readonly c: Context
  readonly caller: Admitted
  readonly params: P
  readonly query: Q
  readonly body: B
}

/** What they are told. */
export type Answer =
  | {
      readonly json: object
      /** As the record has what was asked. Default: path and query. */
      readonly filter?: Readonly<Record<string, string>>
      /** Whether private facts are in it. Default: no. */
      readonly withPrivate?: boolean
    }
  /** Recorded by whoever made it. */
  | { readonly response: Response }

/** Does what is asked. May reject: nothing is told then but that it failed. */
export type Serve<P, Q, B> = (asked: Asked<P, Q, B>) => Promise<Result<Answer, AuditRefusal>>

/** For routes without parameters, query or body. */
export const nothing = z.strictObject({})
