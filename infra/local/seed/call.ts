import type { Stretch } from './step.ts'

/** What is asked of the gateway, as somebody. */
export interface Request {
  readonly by: Stretch
  readonly path: string
  /** Sent by POST. */
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
  /** In place of the token of `by`; `undefined` sends none. */
  readonly bearer?: { readonly token: string | undefined }
}

/** One HTTP call; the body as JSON where it is JSON. */
export type Call = (
  request: Request,
) => Promise<{ readonly status: number; readonly body: unknown }>

/** Calls of this gateway, with the tokens that `tokenOf` gives. */
export function caller(gateway: string, tokenOf: (by: Stretch) => Promise<string>): Call {
  return async ({ by, path, body, headers, bearer }) => {
    const token = bearer === undefined ? await tokenOf(by) : bearer.token
    const response = await fetch(`${gateway}${path}`, {
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(by.session !== undefined && { 'sluice-session': by.session }),
        'user-agent': by.actor.userAgent,
        'x-forwarded-for': by.address,
        ...headers,
      },
    })
    const text = await response.text()
    return { status: response.status, body: parsed(text) }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
