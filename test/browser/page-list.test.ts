import { Hono } from 'hono'
import { expect, test } from 'vitest'

import type { ConsoleEnv } from '../../shared/console/pages/console-env.ts'
import { pages } from '../../shared/console/pages/pages.ts'
import { listedPages } from './support/listed-pages.ts'

/** What a browser saves rather than shows, or is sent on from. */
const NO_PAGES: readonly string[] = ['/export', '/log/verify', '/replays']

test('every page of the console is on the list of those that are looked at, and no other', () => {
  const app = new Hono<ConsoleEnv>()
  for (const add of pages) add(app)
  const registered = app.routes.filter(({ method }) => method === 'GET').map(({ path }) => path)
  const listed = [...listedPages.map(({ route }) => route), ...NO_PAGES]
  expect([...new Set(listed)].toSorted()).toEqual([...new Set(registered)].toSorted())
})
