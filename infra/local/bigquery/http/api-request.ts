import type { z } from 'zod'

import { BigQueryError } from '../errors.ts'

/** One call of a method of the API. */
export interface ApiRequest {
  /** The ids in the path. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** The address of who calls. */
  readonly user: string
  /** The parsed JSON body; undefined without one. */
  readonly body: unknown
}

/** A method of the API. What it returns is the reply's JSON; what it throws, the reply's error. */
export type Handler = (request: ApiRequest) => Promise<object> | object

/** The id in the path of this name. */
export function pathId({ params }: ApiRequest, name: string): string {
  return params[name] ?? ''
}

/** The query parameter, or undefined when it is missing or empty. */
export function queryText({ query }: ApiRequest, name: string): string | undefined {
  return query.get(name) || undefined
}

/** The query parameter as a count. Throws `invalid`. */
export function queryCount(request: ApiRequest, name: string): number | undefined {
  const text = queryText(request, name)
  if (text === undefined) return undefined
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new BigQueryError('invalid', `Invalid value for ${name}: ${text} is not a valid value`)
}

/** The query parameter as a boolean; Python writes `True`. */
export function queryFlag(request: ApiRequest, name: string): boolean {
  return queryText(request, name)?.toLowerCase() === 'true'
}

/** The body in the schema's shape. Throws `required` or `invalid`, with the path of the field. */
export function parseBody<T extends z.ZodType>(schema: T, { body }: ApiRequest): z.infer<T> {
  const parsed = schema.safeParse(body ?? {})
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const message = issue?.message ?? 'Invalid request'
  if (message.startsWith('Required parameter is missing')) {
    throw new BigQueryError('required', message)
  }
  throw new BigQueryError('invalid', `Invalid value at '${issue?.path.join('.')}': ${message}`)
}
