/** Cloud Function `sweeper`: expires, reminds, and finishes what a crash left. */
import { sweeper } from './background-functions.ts'
import { serveFunction } from './serve-function.ts'

await serveFunction('sweeper', sweeper)
