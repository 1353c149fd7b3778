import { Hono } from 'hono'

import { assetRoutes } from '../../shared/console/pages/asset-routes.ts'
import type {
  ApiCall,
  ApiProblem,
  ConsoleEnv,
  Viewer,
} from '../../shared/console/pages/console-env.ts'
import { consoleHeaders } from '../../shared/console/pages/console-headers.ts'
import { type AddPages, pages } from '../../shared/console/pages/pages.ts'
import { err, ok } from '../../shared/kernel/result.ts'

/** What a fake API answers: a body, or what it says no with. */
export type FakeAnswer = { readonly json: unknown } | { readonly problem: ApiProblem }

/**
 * The pages of the console (all of them, or `some`) as if somebody were signed in, in front of an API that answers as
 * `answer` says; every call of it is kept in `asked`. Mounted at `/console`.
 */
export function consolePages(
  answer: (call: ApiCall) => FakeAnswer,
  {
    some = pages,
    viewer = AUDITOR,
    at = Date.parse('2026-11-20T10:00:00Z'),
  }: { some?: readonly AddPages[]; viewer?: Viewer; at?: number } = {},
): { readonly app: Hono; readonly asked: ApiCall[] } {
  const asked: ApiCall[] = []
  const inner = new Hono<ConsoleEnv>()
  inner.use(consoleHeaders(false))
  inner.route('/', assetRoutes())
  inner.use(async (c, next) => {
    c.set('viewer', viewer)
    c.set('at', at)
    c.set('ask', (call, shape) => {
      asked.push(call)
      const answered = answer(call)
      return Promise.resolve(
        'json' in answered ? ok(shape.parse(answered.json)) : err(answered.problem),
      )
    })
    c.set('download', (path) => {
      asked.push({ path })
      const answered = answer({ path })
      return Promise.resolve(
        'json' in answered ? ok(new Response(String(answered.json))) : err(answered.problem),
      )
    })
    await next()
  })
  for (const add of some) add(inner)
  const app = new Hono()
  app.mount('/console', (request: Request) => inner.fetch(request))
  return { app, asked }
}

/** Somebody with every role, so that every part of the navigation is there. */
const AUDITOR: Viewer = {
  name: 'ada@acme.example',
  roles: ['auditor', 'requester', 'approver', 'policy-admin', 'private-reader'],
  csrf: 'csrf-secret-of-this-session',
}
