import type { Context } from 'hono'
import { html } from 'hono/html'
import type { Child } from 'hono/jsx'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

import type { ConsoleEnv } from './console-env.ts'
import { Layout, type PageFacts } from './layout.tsx'
import { themeOf } from './theme.ts'

/** Answers with a page of the console, in its layout. Everything in `body` that is text is escaped. */
export function showPage(
  c: Context<ConsoleEnv>,
  facts: PageFacts,
  body: Child,
  status: ContentfulStatusCode = 200,
): Response | Promise<Response> {
  const page = (
    <Layout {...facts} viewer={c.get('viewer')} theme={themeOf(c)}>
      {body}
    </Layout>
  )
  return c.html(html`<!doctype html>${page}`, status)
}
