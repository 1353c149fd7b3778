import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

import { Problem } from './components/problem.tsx'
import type { ApiProblem, ConsoleEnv } from './console-env.ts'
import type { PageFacts } from './layout.tsx'
import { returnPath } from './return-path.ts'
import { showPage } from './show-page.tsx'

/** Says why there is no page. Whoever has to sign in again is led there, and back. */
export function showProblem(
  c: Context<ConsoleEnv>,
  problem: ApiProblem,
  facts: Partial<PageFacts> = {},
): Response | Promise<Response> {
  if (problem.status === 401) return c.redirect(`/console/sign-in?to=${returnPath(c)}`)
  const title = facts.title ?? titles[problem.status] ?? 'This page cannot be shown'
  return showPage(c, { ...facts, title }, <Problem problem={problem} />, statusOf(problem))
}

const titles: Readonly<Record<number, string>> = {
  400: 'That was not understood',
  403: 'Not for you',
  404: 'Not found',
  503: 'Not right now',
}

function statusOf({ status }: ApiProblem): ContentfulStatusCode {
  switch (status) {
    case 400:
    case 403:
    case 404:
    case 409:
    case 413:
      return status
    default:
      return 503
  }
}
