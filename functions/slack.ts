/** Cloud Function `slack`: takes the votes that people cast by Slack's buttons. */
import { slackEndpoint } from './background-functions.ts'
import { serveFunction } from './serve-function.ts'

await serveFunction('slack', slackEndpoint)
