import { z } from 'zod'

import type { CatalogProblem, CatalogRoutine } from '../analysis/catalog.ts'
import { parseRoutineId } from '../bigquery/reference.ts'
import type { SqlType } from '../bigquery/sql-type.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import { allKnown } from './all-known.ts'
import { scalarTypes } from './scalar-types.ts'

/** BigQuery's `StandardSqlDataType`. */
interface StandardType {
  readonly typeKind: string
  readonly arrayElementType?: StandardType | undefined
  readonly rangeElementType?: StandardType | undefined
  readonly structType?:
    | { readonly fields?: readonly { readonly name?: string; readonly type: StandardType }[] }
    | undefined
}

const standardType: z.ZodType<StandardType> = z.lazy(() =>
  z.object({
    typeKind: z.string(),
    arrayElementType: standardType.optional(),
    rangeElementType: standardType.optional(),
    structType: z
      .object({
        fields: z
          .array(z.object({ name: z.string().default(''), type: standardType }))
          .optional()
          .transform((fields) => fields ?? []),
      })
      .optional(),
  }),
)

const routineResource = z.object({
  routineReference: z.object({
    projectId: z.string(),
    datasetId: z.string(),
    routineId: z.string(),
  }),
  routineType: z.string(),
  language: z.string().default('SQL'),
  etag: z.string(),
  arguments: z
    .array(
      z.object({
        name: z.string().default(''),
        argumentKind: z.string().optional(),
        dataType: standardType.optional(),
      }),
    )
    .default([]),
  returnType: standardType.optional(),
  definitionBody: z.string(),
  remoteFunctionOptions: z.unknown().optional(),
})

/** A `Routine` resource as a catalog has it. https://cloud.google.com/bigquery/docs/reference/rest/v2/routines */
export function catalogRoutine(resource: unknown): Result<CatalogRoutine, CatalogProblem> {
  const parsed = routineResource.safeParse(resource)
  if (!parsed.success) return unknown('a routine is described in a way Sluice does not know')
  const { routineReference: ids, returnType, remoteFunctionOptions, ...routine } = parsed.data
  const args = allKnown(
    routine.arguments.map(({ name, argumentKind, dataType }) => {
      if (argumentKind === 'ANY_TYPE') return { name, type: undefined }
      const type = dataType && sqlType(dataType)
      return type && { name, type }
    }),
  )
  const returns = returnType && sqlType(returnType)
  const broken = args === undefined || (returnType !== undefined && returns === undefined)
  if (broken || parseRoutineId(ids.routineId) === undefined)
    return unknown('a routine has arguments of a type Sluice does not know')
  return ok({
    name: `${ids.projectId}.${ids.datasetId}.${ids.routineId}`,
    type: routine.routineType,
    language: routine.language,
    etag: routine.etag,
    arguments: args,
    returnType: returns,
    definitionBody: routine.definitionBody,
    isRemote: remoteFunctionOptions !== undefined,
  })
}

function sqlType(type: StandardType): SqlType | undefined {
  if (type.typeKind === 'ARRAY' || type.typeKind === 'RANGE') {
    const part = type.arrayElementType ?? type.rangeElementType
    const element = part && sqlType(part)
    return element && { kind: type.typeKind, element }
  }
  if (type.typeKind === 'STRUCT') {
    const fields = allKnown(
      (type.structType?.fields ?? []).map(({ name = '', type: inner }) => {
        const known = sqlType(inner)
        return known && { name, type: known }
      }),
    )
    return fields && { kind: 'STRUCT', fields }
  }
  const kind = scalarTypes[type.typeKind]
  return kind && { kind }
}

const unknown = (hint: string) => err({ problem: 'not-understood', hint } as const)
