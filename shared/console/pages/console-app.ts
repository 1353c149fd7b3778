import { Hono } from 'hono'

import { askApi, downloadFrom } from './ask-api.ts'
import { assetRoutes } from './asset-routes.ts'
import type { ConsoleEnv } from './console-env.ts'
import { consoleHeaders } from './console-headers.ts'
import type { ConsolePorts, ConsoleSurface } from './console-ports.ts'
import { pages } from './pages.ts'
import { refuseForeignForms } from './refuse-foreign-forms.ts'
import { sessionRoutes } from './session-routes.ts'
import { showProblem } from './show-problem.tsx'
import { signInRoutes } from './sign-in-routes.tsx'
import { signedIn } from './signed-in.ts'

/**
 * The web console, to be mounted at `/console`. Nobody gets a page of it but after they signed in; what it shows them is what
 * the API tells them, called with a token of their own; and nothing changes but by a form of its own.
 */
export function consoleApp(ports: ConsolePorts, surface: ConsoleSurface): Hono<ConsoleEnv> {
  const { gateway } = ports.signIn
  const app = new Hono<ConsoleEnv>()
  app.use(consoleHeaders(gateway.startsWith('https:')))
  app.route('/', assetRoutes())
  app.route('/', signInRoutes(ports, surface))
  app.use(
    signedIn(ports, (c, token) => ({
      ask: askApi(c, { api: ports.api, gateway, token }),
      download: downloadFrom(c, { api: ports.api, gateway, token }),
    })),
  )
  app.use(refuseForeignForms(new URL(gateway).origin))
  sessionRoutes(app, ports)
  for (const add of pages) add(app)
  app.notFound((c) =>
    showProblem(c, { status: 404, message: 'there is no such page' }, { title: 'Not found' }),
  )
  app.onError((cause, c) => {
    surface.onFailure(cause)
    const message = 'Sluice cannot show this right now; its log says why'
    return showProblem(c, { status: 503, message })
  })
  return app
}
