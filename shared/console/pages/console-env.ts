import type { z } from '@hono/zod-openapi'

import type { Result } from '../../kernel/result.ts'
import type { Role } from '../../policy/policy.ts'

/** What every page of the console finds in its context (`c.get(…)`), once somebody has signed in. */
export interface ConsoleEnv {
  readonly Variables: {
    viewer: Viewer
    ask: Ask
    download: Download
    /** When it was asked for, epoch milliseconds. */
    at: number
  }
}

/** Who is looking. */
export interface Viewer {
  /** E-mail address where the issuer vouches for one, else the subject. */
  readonly name: string
  readonly roles: readonly Role[]
  /** To be sent along with every form, as `csrf`. */
  readonly csrf: string
}

/** A call to the audit API, as that person. The console knows nothing that the API would not tell them. */
export type Ask = <T>(call: ApiCall, shape: z.ZodType<T>) => Promise<Result<T, ApiProblem>>

/** The API's own answer to a GET, for what is streamed: its type, and bytes as they come. */
export type Download = (path: string) => Promise<Result<Response, ApiProblem>>

export interface ApiCall {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  /** Path and query, such as `/v1/calls?decision=deny`. */
  readonly path: string
  readonly body?: object
}

/** What the API said instead: its HTTP status and words. */
export interface ApiProblem {
  readonly status: number
  readonly message: string
}
