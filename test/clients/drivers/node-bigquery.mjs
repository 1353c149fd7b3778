/**
 * Google's Node client: `node-bigquery.mjs <9|7> <gateway|->`. With a gateway, the bearer token in
 * `TOKEN` is used as it is; without, the environment says everything, as for any app.
 */
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'

import { answerLines } from './answer-lines.mjs'

const [version, gateway] = process.argv.slice(2)
const name = version === '9' ? '@google-cloud/bigquery' : 'bigquery-7'
const here = createRequire(import.meta.url)
const { BigQuery } = here(name)
// Its own copy of the library.
const { OAuth2Client } = createRequire(here.resolve(name))('google-auth-library')

const bigQuery = new BigQuery({ projectId: 'acme', ...(gateway === '-' ? {} : bearer()) })

function bearer() {
  const authClient = new OAuth2Client()
  authClient.setCredentials({ access_token: process.env.TOKEN })
  return { apiEndpoint: gateway, authClient }
}

let left

async function nextRow() {
  const [rows, next] = await left.job.getQueryResults(left.next)
  left.next = next
  return rows
}

await answerLines(
  {
    query: async (options) => (await bigQuery.query(options))[0],
    /** Pages by hand: the number of rows of each. */
    pages: async (query, maxResults) => {
      const [job] = await bigQuery.createQueryJob({ query, location: 'US' })
      const pages = []
      let next = { maxResults, autoPaginate: false }
      while (next) {
        const [rows, more] = await job.getQueryResults(next)
        pages.push(rows.length)
        next = more
      }
      return pages
    },
    /** By itself. */
    stream: async (query) => {
      const rows = await bigQuery.createQueryStream({ query }).toArray()
      return rows.length
    },
    dryRun: async (options) => {
      const [job] = await bigQuery.createQueryJob({ ...options, dryRun: true })
      return job.metadata
    },
    job: async (query) => {
      const [job] = await bigQuery.createQueryJob({ query, location: 'US' })
      await job.promise()
      const [metadata] = await job.getMetadata()
      return metadata
    },
    /** One request that takes an early answer for no rows. */
    firstRows: async (query, maxResults) => {
      const [job] = await bigQuery.createQueryJob({ query, location: 'US' })
      return (await job.getQueryResults({ maxResults }))[0]
    },
    /** Rows after as many looks at the job as it takes. */
    promised: async (query) => {
      const [job] = await bigQuery.createQueryJob({ query, location: 'US' })
      await job.promise()
      return (await job.getQueryResults())[0]
    },
    cancel: async (query) => {
      const [job] = await bigQuery.createQueryJob({ query, location: 'US' })
      while ((await job.getMetadata())[0].status.state !== 'RUNNING');
      await job.cancel()
      return job.getQueryResults()
    },
    /** Cancels what it waits for, after `ms`. */
    cancelWaiting: async (query, ms) => {
      const [job] = await bigQuery.createQueryJob({ query, location: 'US' })
      const [rows] = await Promise.all([job.getQueryResults(), sleep(ms).then(() => job.cancel())])
      return rows
    },
    /** One row; the next is for `nextRow`. */
    firstRow: async (query) => {
      const [job] = await bigQuery.createQueryJob({ query, location: 'US' })
      left = { job, next: { maxResults: 1, autoPaginate: false } }
      return nextRow()
    },
    nextRow,
    datasets: async () => (await bigQuery.getDatasets())[0].map(({ id }) => id),
    tables: async (dataset) => (await bigQuery.dataset(dataset).getTables())[0].map(({ id }) => id),
    metadata: async (dataset, table) =>
      (await bigQuery.dataset(dataset).table(table).getMetadata())[0],
    rows: async (dataset, table, options) =>
      (await bigQuery.dataset(dataset).table(table).getRows(options))[0],
    jobs: async () => (await bigQuery.getJobs({ maxResults: 5 }))[0].map(({ id }) => id),
  },
  ({ message, code, errors }) => ({ message, code, reason: errors?.[0]?.reason }),
)
