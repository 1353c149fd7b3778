/** Cloud Function `log-publisher`: seals the record and publishes its log. */
import { logPublisher } from './background-functions.ts'
import { serveFunction } from './serve-function.ts'

await serveFunction('log-publisher', logPublisher)
