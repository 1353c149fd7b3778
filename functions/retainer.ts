/** Cloud Function `retainer`: deletes of the record what policy keeps no longer. */
import { retainer } from './background-functions.ts'
import { serveFunction } from './serve-function.ts'

await serveFunction('retainer', retainer)
