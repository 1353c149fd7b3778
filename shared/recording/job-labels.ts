import { createHash } from 'node:crypto'

import type { BigQueryCall, Json } from '../bigquery/call.ts'
import { type JsonObject, isObject } from '../bigquery/json.ts'
import { base32 } from '../kernel/base32.ts'
import { canonicalJson } from '../kernel/canonical-json.ts'
import type { StoredEntry } from './entry-store.ts'

/** The job labels that are Sluice's. What a client puts there is replaced. */
const OURS = ['sluice_session', 'sluice_decision', 'sluice_entry'] as const

/**
 * The call with Sluice's labels on the job it starts: the session, the first rule of the decision,
 * and the hash of the request entry. So Google's own audit log commits to ours before there is a
 * result. Calls that start no job stay as they are.
 */
export function withJobLabels(
  call: BigQueryCall,
  entry: LabelledBy,
  hash: StoredEntry['hash'],
): BigQueryCall {
  const labels = jobLabels(entry, hash)
  return mapLabels(call, (given) => ({ ...given, ...labels }))
}

/** What a job says of the request entry it runs under. */
interface LabelledBy {
  readonly session: { readonly id: string }
  readonly decision: { readonly rules: readonly string[] }
}

/** Sluice's labels on a job that runs under this request entry. */
export function jobLabels(
  entry: LabelledBy,
  hash: StoredEntry['hash'],
): Record<(typeof OURS)[number], string> {
  return {
    sluice_session: labelValue(entry.session.id),
    sluice_decision: labelValue(entry.decision.rules[0] ?? ''),
    sluice_entry: entryLabel(hash),
  }
}

/** The label that commits a job to its request entry: 52 characters, where a value holds 63. */
export function entryLabel(hash: StoredEntry['hash']): string {
  return base32(Buffer.from(hash, 'hex'))
}

/**
 * SHA-256, hex, of the canonical JSON of a call, Sluice's labels and the time to wait aside: two
 * calls with the same digest ask BigQuery for the same. Throws `TypeError` for a call that has no canonical JSON.
 */
export function effectiveDigest(call: BigQueryCall): string {
  const { method, path, query, body } = mapLabels(call, (given) => {
    const theirs = Object.entries(given).filter(([name]) => !OURS.some((ours) => ours === name))
    return theirs.length === 0 ? undefined : Object.fromEntries(theirs)
  })
  const { timeoutMs: _, ...asked } = body ?? {}
  const text = canonicalJson({ method, path, query, body: body && asked })
  return createHash('sha256').update(text).digest('hex')
}

function mapLabels(
  call: BigQueryCall,
  change: (labels: JsonObject) => JsonObject | undefined,
): BigQueryCall {
  const { method, body } = call
  if (body === undefined) return call
  if (method === 'jobs.query')
    return { ...call, body: { ...body, labels: change(objectOf(body['labels'])) } }
  if (method !== 'jobs.insert') return call
  const configuration = objectOf(body['configuration'])
  const labels = change(objectOf(configuration['labels']))
  return { ...call, body: { ...body, configuration: { ...configuration, labels } } }
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}

/** BigQuery's alphabet for label values: lower case letters, digits, `_` and `-`, at most 63. */
function labelValue(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, '-')
    .slice(0, 63)
}
