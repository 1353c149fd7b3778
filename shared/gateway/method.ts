import type { Method } from '../bigquery/call.ts'
import type { Caller } from './caller.ts'
import type { Outcome } from './outcome.ts'
import type { Parameters } from './parameters.ts'
import type { Ports } from './ports.ts'

/** One request for one method, after admission. */
export interface MethodRequest {
  readonly method: Method
  readonly caller: Caller
  /** Path parameters, decoded, by their names in the method table; not yet validated. */
  readonly path: Readonly<Record<string, string>>
  readonly parameters: Parameters
  /** Parsed JSON of a POST; undefined when there was no body. */
  readonly body: unknown
  /** Random call id for whoever needs no deterministic one. */
  readonly callId: string
}

/** Serves one method. Throws only for a bug or when the store cannot be reached. */
export type ServeMethod = (ports: Ports, request: MethodRequest) => Promise<Outcome>
