import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { every } from 'hono/combine'

import { isOwnForm } from '../sign-in/own-form.ts'
import type { ConsoleEnv } from './console-env.ts'
import { showProblem } from './show-problem.tsx'

/** A policy file fits in. */
const MAX_FORM_BYTES = 2 * 1024 * 1024

/** Lets nothing on that may change something, unless a page of this console sent it, in this session. */
export function refuseForeignForms(origin: string): MiddlewareHandler<ConsoleEnv> {
  const limited = bodyLimit({
    maxSize: MAX_FORM_BYTES,
    onError: (c) => showProblem(c, { status: 413, message: 'the form is too large' }),
  })
  const own: MiddlewareHandler<ConsoleEnv> = async (c, next) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next()
    if (await isOwnForm(c, c.get('viewer').csrf, origin)) return next()
    const message = 'this form was not sent by a page of this session; go back, load it again'
    return showProblem(c, { status: 403, message }, { title: 'Nothing was changed' })
  }
  return every(limited, own)
}
