import { z } from 'zod'

import type { Json } from '../bigquery/call.ts'
import { type JsonObject, isList, isObject } from '../bigquery/json.ts'
import { type Result, err, ok } from '../kernel/result.ts'

/** A resource of BigQuery's, as it came or as it was rebuilt. */
export type Resource = JsonObject

const resource = z.record(z.string(), z.json())

/** The members of each resource that Sluice passes on. Others stay behind: ACLs, other URLs, other people. */
const MEMBERS = {
  Dataset: [
    'kind',
    'etag',
    'id',
    'datasetReference',
    'friendlyName',
    'description',
    'labels',
    'location',
    'type',
    'creationTime',
    'lastModifiedTime',
    'defaultTableExpirationMs',
    'defaultPartitionExpirationMs',
    'defaultCollation',
    'defaultRoundingMode',
    'isCaseInsensitive',
    'maxTimeTravelHours',
    'storageBillingModel',
  ],
  Table: [
    'kind',
    'etag',
    'id',
    'tableReference',
    'friendlyName',
    'description',
    'labels',
    'schema',
    'numBytes',
    'numLongTermBytes',
    'numRows',
    'creationTime',
    'expirationTime',
    'lastModifiedTime',
    'type',
    'view',
    'materializedView',
    'timePartitioning',
    'rangePartitioning',
    'clustering',
    'requirePartitionFilter',
    'location',
    'defaultCollation',
    'defaultRoundingMode',
    'caseInsensitive',
    'tableConstraints',
    'maxStaleness',
    'snapshotDefinition',
    'cloneDefinition',
  ],
  Routine: [
    'etag',
    'routineReference',
    'routineType',
    'creationTime',
    'lastModifiedTime',
    'language',
    'arguments',
    'returnType',
    'returnTableType',
    'description',
    'determinismLevel',
  ],
  Job: [
    'kind',
    'etag',
    'id',
    'jobReference',
    'configuration',
    'statistics',
    'status',
    'jobCreationReason',
    'user_email',
  ],
} as const

/** Reads a reply as a JSON object. */
export function parseResource(body: Buffer): Result<Resource, 'unexpected-shape'> {
  try {
    const parsed = resource.safeParse(JSON.parse(body.toString('utf8')))
    return parsed.success ? ok(parsed.data) : err('unexpected-shape')
  } catch {
    return err('unexpected-shape')
  }
}

/** `source` with the members Sluice passes on for this kind of resource, and no others. */
export function rebuild(kind: keyof typeof MEMBERS, source: Resource): Resource {
  return Object.fromEntries(
    MEMBERS[kind].flatMap((name) => (source[name] === undefined ? [] : [[name, source[name]]])),
  )
}

/** The object at a path, or undefined when there is none. */
export function objectAt(source: Resource, ...path: readonly string[]): Resource | undefined {
  let at: Json | undefined = source
  for (const name of path) at = isObject(at) ? at[name] : undefined
  return isObject(at) ? at : undefined
}

/** The string at a path, or undefined when there is none. */
export function textAt(source: Resource, ...path: readonly string[]): string | undefined {
  const parent = objectAt(source, ...path.slice(0, -1))
  const value = parent?.[path.at(-1) ?? '']
  return typeof value === 'string' ? value : undefined
}

/** The objects in an array member; others are skipped. */
export function objectsIn(source: Resource, name: string): readonly Resource[] {
  const value = source[name]
  return isList(value) ? value.filter(isObject) : []
}
