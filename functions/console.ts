/** Cloud Function `console`: the audit API, the log and the pages. */
import { consoleApp } from '../shared/console/pages/console-app.ts'
import { serveFunction } from './serve-function.ts'
import { gateway } from './wiring.ts'

await serveFunction('console', (env) => gateway(env, { serves: 'audit', pages: consoleApp }))
