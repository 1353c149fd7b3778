import { startLocalBigQuery } from '../../infra/local/bigquery/start-local-bigquery.ts'

/** Starts a local BigQuery over the folder that it is given, and says where. */
const { url } = await startLocalBigQuery({ data: process.argv[2] ?? '' })
process.stdout.write(`${url}\n`)
