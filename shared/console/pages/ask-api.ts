import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'

import { err, ok } from '../../kernel/result.ts'
import type { ApiCall, ApiProblem, Ask, Download } from './console-env.ts'

/** The audit API and the approvals API, in this process. */
export type Api = (request: Request, env: unknown) => Response | Promise<Response>

/** Everything the API is told of the browser: whose address it is, and what it says of itself. */
const FORWARDED = ['user-agent', 'x-forwarded-for'] as const

interface Asking {
  readonly api: Api
  /** Sluice's own URL. */
  readonly gateway: string
  readonly token: string
}

/** Calls of the API as somebody who is signed in. Rejects when it answers in a shape that is not its own. */
export function askApi(c: Context, asking: Asking): Ask {
  return async (call, shape) => {
    const answer = await send(c, asking, call)
    if (!answer.ok) return err(await problemIn(answer))
    const body: unknown = await answer.json()
    return ok(shape.parse(body))
  }
}

/** The API's answer to a GET as it comes, likewise. */
export function downloadFrom(c: Context, asking: Asking): Download {
  return async (path) => {
    const answer = await send(c, asking, { path })
    return answer.ok ? ok(answer) : err(await problemIn(answer))
  }
}

async function problemIn(answer: Response): Promise<ApiProblem> {
  const said = refusal.safeParse(await answer.json().catch(() => undefined))
  const message = said.success ? said.data.error.message : 'the API gave no reason'
  return { status: answer.status, message }
}

const refusal = z.object({ error: z.object({ message: z.string() }) })

async function send(c: Context, { api, gateway, token }: Asking, call: ApiCall): Promise<Response> {
  const url = new URL(call.path, gateway)
  if (!url.pathname.startsWith('/v1/')) throw new Error('the console asks nothing but the API')
  const headers = new Headers({ authorization: `Bearer ${token}` })
  for (const name of FORWARDED) {
    const value = c.req.header(name)
    if (value !== undefined) headers.set(name, value)
  }
  const { method = 'GET', body } = call
  if (body === undefined) return api(new Request(url, { method, headers }), c.env)
  headers.set('content-type', 'application/json')
  return api(new Request(url, { method, headers, body: JSON.stringify(body) }), c.env)
}
