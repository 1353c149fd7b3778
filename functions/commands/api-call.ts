import { visibleLine } from '../../shared/approval-desk/visible-text.ts'

/** What an answer must look like. */
export interface Schema<T> {
  readonly safeParse: (
    value: unknown,
  ) => { readonly success: true; readonly data: T } | { readonly success: false }
}

/** A call of a gateway's own API: a POST with a body, a GET without. Rejects with what the gateway said, in one line. */
export type ApiCall = <T>(path: string, schema: Schema<T>, body?: object) => Promise<T>

/** The API of a gateway, for the holder of a token. */
export function apiCall(gateway: string, token: string): ApiCall {
  return async (path, schema, body) => {
    const url = `${gateway}${path}`
    const authorization = `Bearer ${token}`
    const response = await fetch(
      url,
      body === undefined
        ? { headers: { authorization } }
        : {
            method: 'POST',
            headers: { authorization, 'content-type': 'application/json' },
            body: JSON.stringify(body),
          },
    ).catch(() => undefined)
    if (response === undefined) throw new Error(`no answer: \`${gateway}\``)
    const answer: unknown = await response.json().catch(() => undefined)
    if (!response.ok) throw new Error(messageIn(answer) ?? `status ${response.status}: \`${url}\``)
    const parsed = schema.safeParse(answer)
    if (parsed.success) return parsed.data
    throw new Error(`the gateway answers in a form that is not known here: \`${gateway}\``)
  }
}

const LONGEST_MESSAGE = 1_000

/** What the gateway says, in one line; it may quote somebody. Undefined when it says nothing. */
export function messageIn(answer: unknown): string | undefined {
  const error: unknown = isObject(answer) && 'error' in answer ? answer.error : undefined
  return isObject(error) && 'message' in error && typeof error.message === 'string'
    ? visibleLine(error.message, LONGEST_MESSAGE, 'words')
    : undefined
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
