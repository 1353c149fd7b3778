import { z } from 'zod'

import { type DatasetReference, parseDatasetId, parseProjectId } from '../bigquery/reference.ts'
import type { Sandbox } from './policy.ts'

const DAY_MS = 86_400_000

const dataset = z.string().transform((text, context): DatasetReference => {
  const [, project = '', name = ''] = /^(.+)\.([^.]+)$/.exec(text) ?? []
  const projectId = parseProjectId(project)
  const datasetId = parseDatasetId(name)
  if (projectId !== undefined && datasetId !== undefined) return { projectId, datasetId }
  context.addIssue('expected a dataset such as `acme-sandbox.hospital`')
  return z.NEVER
})

/** The `sandbox` of a connection. Parses to a `Sandbox`. */
export const sandboxSchema = z
  .strictObject({
    datasets: z
      .record(
        z.string().regex(/^[^\s`]+\.[A-Za-z0-9_-]+$/, 'expected a dataset such as `acme.hospital`'),
        dataset,
      )
      .refine((datasets) => Object.keys(datasets).length > 0, 'expected at least one dataset')
      .describe(
        'By the dataset that was asked: the one that stands for it, in a project of this connection. What ' +
          'names a table of any other dataset is not replayed. Whoever controls it chooses what replays read and write.',
      ),
    timeTravelDays: z
      .int()
      .min(2)
      .max(7)
      .optional()
      .describe(
        'For how many days the sandbox knows what its tables were, as in the option `max_time_travel_hours` of its ' +
          'datasets: replays may then ask for the time of the original. Without it they read what is there now.',
      ),
  })
  .transform(({ datasets, timeTravelDays }): Sandbox => ({
    datasets: new Map(Object.entries(datasets)),
    timeTravelMs: timeTravelDays === undefined ? undefined : timeTravelDays * DAY_MS,
  }))
