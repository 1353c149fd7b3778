import { BigQueryError } from '../errors.ts'
import { tableName, type TableReference } from './reference.ts'
import type { Relation } from './relation.ts'

/** What a table was from a time on, until the next. */
export interface Version {
  readonly relation: Relation
  /** Epoch milliseconds. */
  readonly since: number
}

/** BigQuery's window, unless a dataset has a shorter one. */
const WINDOW_MS = 7 * 86_400_000

/** Rows are shared between versions, and a version is never changed, so many are cheap. */
const MOST_VERSIONS = 200

/** The versions with a newer one; the oldest are forgotten. */
export function withVersion(versions: readonly Version[], newer: Version): readonly Version[] {
  return [...versions, newer].slice(-MOST_VERSIONS)
}

/**
 * The version of a time. Throws in BigQuery's words for one before the window, or before all that is known.
 * https://cloud.google.com/bigquery/docs/access-historical-data
 */
export function versionAt(
  reference: TableReference,
  versions: readonly Version[],
  { at, now }: { readonly at: number; readonly now: number },
): Relation {
  const earliest = Math.max(now - WINDOW_MS, versions[0]?.since ?? now)
  const version = versions.findLast(({ since }) => since <= at)
  const name = tableName(reference)
  if (at < earliest || version === undefined)
    throw invalid(
      `Invalid snapshot time ${at} for table ${name}@${at}. Cannot read before ${earliest}.`,
    )
  if (at > now) throw invalid(`Invalid snapshot time ${at} for table ${name}@${at}: it is to come.`)
  return version.relation
}

function invalid(message: string): BigQueryError {
  return new BigQueryError('invalid', message)
}
