import type { Json } from '../bigquery/call.ts'
import type { ScannedReply } from '../masking/reply-scanner.ts'
import { governedError } from './governed-error.ts'
import { type Resource, objectAt, textAt } from './resources.ts'

/**
 * A reply with rows of a governed call without what tells more of masked data than the rows do: bytes in
 * whole blocks, no slots, no warnings.
 */
export function governedRows(reply: ScannedReply): ScannedReply {
  const members = new Map(reply.members)
  for (const name of ['totalBytesProcessed', 'totalBytesBilled']) {
    const bytes = /^"(\d{1,19})"$/.exec(members.get(name)?.toString('latin1') ?? '')?.[1]
    if (bytes === undefined) members.delete(name)
    else members.set(name, Buffer.from(JSON.stringify(inBlocks(bytes))))
  }
  for (const name of ['etag', 'totalSlotMs', 'errors']) members.delete(name)
  return { members, rows: reply.rows }
}

/** What a governed job says of itself: members that depend on no masked value, and no others. */
const STATISTICS = ['creationTime', 'startTime', 'endTime'] as const
const QUERY_STATISTICS = [
  'cacheHit',
  'ddlOperationPerformed',
  'ddlTargetTable',
  'dmlStats',
  'numDmlAffectedRows',
  'referencedTables',
  'schema',
  'statementType',
  'undeclaredQueryParameters',
] as const

/** A governed job with statistics and errors that say nothing of masked data. */
export function governedJob(job: Resource): Resource {
  const status = objectAt(job, 'status')
  const failure = status && objectAt(status, 'errorResult')
  const error = failure && governedFailure(failure)
  const statistics = objectAt(job, 'statistics')
  const query = statistics && objectAt(statistics, 'query')
  return {
    ...job,
    ...(statistics === undefined
      ? {}
      : {
          statistics: {
            ...kept(statistics, STATISTICS),
            ...blocks(statistics, ['totalBytesProcessed']),
            ...(query === undefined
              ? {}
              : {
                  query: {
                    ...kept(query, QUERY_STATISTICS),
                    ...blocks(query, ['totalBytesProcessed', 'totalBytesBilled']),
                  },
                }),
          },
        }),
    ...(status === undefined
      ? {}
      : {
          status: {
            ...kept(status, ['state']),
            ...(error === undefined ? {} : { errorResult: error, errors: [error] }),
          },
        }),
  }
}

/** Why a governed job failed, as far as that may be known. */
export function governedFailure(failure: Resource): Resource {
  const reason = textAt(failure, 'reason') ?? 'unknown'
  const { reason: told, message } = governedError(200, reason, textAt(failure, 'message') ?? '')
  return { reason: told, message }
}

const BLOCK = 10n * 1024n * 1024n

/** Bytes, rounded up to whole blocks of 10 MiB, which is how BigQuery bills them. */
export function inBlocks(bytes: string): string {
  return String(((BigInt(bytes) + BLOCK - 1n) / BLOCK) * BLOCK)
}

/** The members of these names, rounded; one that is no number stays behind. */
export function blocks(source: Resource, names: readonly string[]): Resource {
  return Object.fromEntries(
    names.flatMap((name): [string, Json][] => {
      const bytes = textAt(source, name)
      return bytes !== undefined && /^\d{1,19}$/.test(bytes) ? [[name, inBlocks(bytes)]] : []
    }),
  )
}

function kept(source: Resource, names: readonly string[]): Resource {
  return Object.fromEntries(
    names.flatMap((name) => (source[name] === undefined ? [] : [[name, source[name]]])),
  )
}
