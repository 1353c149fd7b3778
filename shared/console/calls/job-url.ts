import type { RecordedJob } from '../../recording/envelope.ts'

/**
 * Google's page of a job in the console of Google Cloud; undefined without a location, which the page needs. Nothing of it is
 * fetched by us.
 */
export function jobUrl({ projectId, jobId, location }: RecordedJob): string | undefined {
  if (location === undefined) return undefined
  const query = new URLSearchParams({
    project: projectId,
    j: `bq:${location}:${jobId}`,
    page: 'queryresults',
  })
  return `https://console.cloud.google.com/bigquery?${query.toString()}`
}
