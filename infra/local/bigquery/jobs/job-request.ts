import { z } from 'zod'

// Clients write numbers as strings and strings as numbers; `null` is as good as nothing.
const optional = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value) => value ?? undefined)
const int64 = z
  .union([z.number().int(), z.string().regex(/^-?\d{1,19}$/)])
  .transform((value) => Number(value))
const bool = z.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')])
const text = z.union([z.string(), z.number().transform(String), z.boolean().transform(String)])

export interface ParameterType {
  readonly type: string
  readonly arrayType?: ParameterType | undefined
  readonly rangeElementType?: ParameterType | undefined
  readonly structTypes?:
    | readonly { readonly name?: string | undefined; readonly type: ParameterType }[]
    | undefined
}

const parameterType: z.ZodType<ParameterType> = z.looseObject({
  type: z.string(),
  get arrayType() {
    return optional(parameterType)
  },
  get rangeElementType() {
    return optional(parameterType)
  },
  get structTypes() {
    return optional(z.array(z.looseObject({ name: optional(z.string()), type: parameterType })))
  },
})

export interface ParameterValue {
  readonly value?: string | undefined
  readonly arrayValues?: readonly ParameterValue[] | undefined
  readonly structValues?: Readonly<Record<string, ParameterValue>> | undefined
  readonly rangeValue?:
    | { readonly start?: ParameterValue | undefined; readonly end?: ParameterValue | undefined }
    | undefined
}

const parameterValue: z.ZodType<ParameterValue> = z.looseObject({
  value: optional(text),
  get arrayValues() {
    return optional(z.array(parameterValue))
  },
  get structValues() {
    return optional(z.record(z.string(), parameterValue))
  },
  get rangeValue() {
    return optional(
      z.looseObject({ start: optional(parameterValue), end: optional(parameterValue) }),
    )
  },
})

const queryParameter = z.looseObject({
  name: optional(z.string()),
  parameterType,
  parameterValue: optional(parameterValue),
})

const datasetReference = z.looseObject({ datasetId: z.string(), projectId: optional(z.string()) })
const labels = z.record(z.string(), z.string())

/** What `jobs.query` and the query of `jobs.insert` have in common. */
const query = {
  query: z.string({ error: 'Required parameter is missing: query' }),
  defaultDataset: optional(datasetReference),
  maximumBytesBilled: optional(int64),
  parameterMode: optional(z.string()),
  queryParameters: optional(z.array(queryParameter)),
  useLegacySql: optional(bool),
  createSession: optional(bool),
  continuous: optional(bool),
  connectionProperties: optional(z.array(z.unknown())),
  destinationTable: optional(z.unknown()),
  tableDefinitions: optional(z.record(z.string(), z.unknown())),
  userDefinedFunctionResources: optional(z.array(z.unknown())),
}

/** A `QueryRequest`. https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/query */
export const queryRequest = z.looseObject({
  ...query,
  dryRun: optional(bool),
  formatOptions: optional(z.looseObject({ useInt64Timestamp: optional(bool) })),
  jobTimeoutMs: optional(int64),
  labels: optional(labels),
  location: optional(z.string()),
  maxResults: optional(int64),
  requestId: optional(z.string()),
  timeoutMs: optional(int64),
})

/** A `Job` to insert. https://cloud.google.com/bigquery/docs/reference/rest/v2/Job */
export const insertRequest = z.looseObject({
  configuration: z.looseObject(
    {
      query: optional(z.looseObject(query)),
      dryRun: optional(bool),
      jobTimeoutMs: optional(int64),
      labels: optional(labels),
    },
    { error: 'Required parameter is missing: configuration' },
  ),
  jobReference: optional(
    z.looseObject({
      jobId: optional(z.string()),
      location: optional(z.string()),
      projectId: optional(z.string()),
    }),
  ),
})

export type QueryRequest = z.infer<typeof queryRequest>
export type InsertRequest = z.infer<typeof insertRequest>
export type QueryParameter = z.infer<typeof queryParameter>
