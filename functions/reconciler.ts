/** Cloud Function `reconciler`: compares the record with the jobs that BigQuery ran. */
import { reconciler } from './background-functions.ts'
import { serveFunction } from './serve-function.ts'

await serveFunction('reconciler', reconciler)
