/** Cloud Function `approval-notifier`: tells approvers what is asked of them. */
import { approvalNotifier } from './background-functions.ts'
import { serveFunction } from './serve-function.ts'

await serveFunction('approval-notifier', approvalNotifier)
