/** Cloud Function `approval-resolver`: settles votes and starts what was approved. */
import { approvalResolver } from './background-functions.ts'
import { serveFunction } from './serve-function.ts'

await serveFunction('approval-resolver', approvalResolver)
