import { Hono } from 'hono'

import type {
  ApiCall,
  ApiProblem,
  Ask,
  ConsoleEnv,
} from '../../shared/console/pages/console-env.ts'
import type { AddPages } from '../../shared/console/pages/pages.ts'
import { err, ok } from '../../shared/kernel/result.ts'
import type { Role } from '../../shared/policy/policy.ts'

/** What the audit API says to a path with method: a body, or why not. */
type Answers = Readonly<Record<string, object | { readonly problem: ApiProblem }>>

/** Pages of the console over an API that says what it is told to, and remembers what it was asked. */
export function consolePages(
  addPages: AddPages,
  answers: Answers,
  viewer: { readonly name?: string; readonly roles?: readonly Role[] } = {},
) {
  const asked: ApiCall[] = []
  const ask: Ask = async (call, shape) => {
    asked.push(call)
    const path = call.path.split('?')[0] ?? ''
    const said = answers[`${call.method ?? 'GET'} ${path}`]
    if (said === undefined) return err({ status: 404, message: `nothing at ${path}` })
    return 'problem' in said ? err(said.problem) : ok(shape.parse(said))
  }
  const app = new Hono<ConsoleEnv>()
  app.use(async (c, next) => {
    c.set('viewer', {
      name: viewer.name ?? 'petra@acme.example',
      roles: viewer.roles ?? ['auditor'],
      csrf: 'csrf-of-petra',
    })
    c.set('ask', ask)
    return next()
  })
  addPages(app)
  const page = async (path: string, form?: Readonly<Record<string, string>>) => {
    const response = await app.request(
      path,
      form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) },
    )
    return {
      status: response.status,
      location: response.headers.get('location'),
      html: await response.text(),
    }
  }
  return { page, asked, app }
}
