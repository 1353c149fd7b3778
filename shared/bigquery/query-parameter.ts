import { z } from 'zod'

import { wireList, wireRecord } from './wire-types.ts'

/** BigQuery's `QueryParameterType`. */
export interface QueryParameterType {
  readonly type: string
  readonly arrayType?: QueryParameterType | undefined
  readonly structTypes?:
    | readonly {
        readonly name?: string | undefined
        readonly type: QueryParameterType
      }[]
    | undefined
  readonly rangeElementType?: QueryParameterType | undefined
}

/** BigQuery's `QueryParameterValue`; scalars as strings, absent means NULL. */
export interface QueryParameterValue {
  readonly value?: string | undefined
  readonly arrayValues?: readonly QueryParameterValue[] | undefined
  readonly structValues?: Readonly<Record<string, QueryParameterValue>> | undefined
  readonly rangeValue?:
    | {
        readonly start?: QueryParameterValue | undefined
        readonly end?: QueryParameterValue | undefined
      }
    | undefined
}

const parameterType: z.ZodType<QueryParameterType> = z.lazy(() =>
  z.strictObject({
    type: z.string().max(64),
    arrayType: parameterType.optional(),
    structTypes: wireList(
      z
        .strictObject({
          name: z.string().optional(),
          type: parameterType,
          description: z.string().optional(),
        })
        .transform(({ name, type }) => ({ name, type })),
    ).optional(),
    rangeElementType: parameterType.optional(),
  }),
)

// Node sends INT64 and BOOL values as JSON numbers and booleans; one spelling goes on.
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String)

const parameterValue: z.ZodType<QueryParameterValue> = z.lazy(() =>
  z.strictObject({
    value: scalar.optional(),
    arrayValues: wireList(parameterValue).optional(),
    structValues: wireRecord(parameterValue).optional(),
    rangeValue: z
      .strictObject({ start: parameterValue.optional(), end: parameterValue.optional() })
      .optional(),
  }),
)

/** BigQuery's `QueryParameter`. https://cloud.google.com/bigquery/docs/reference/rest/v2/QueryParameter */
export const queryParameter = z.strictObject({
  name: z.string().max(128).optional(),
  parameterType,
  parameterValue: parameterValue.default({}),
})

export type QueryParameter = z.infer<typeof queryParameter>
