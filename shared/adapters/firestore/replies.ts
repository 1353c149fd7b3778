import { z } from 'zod'

import type { Document } from './client.ts'
import { FirestoreError } from './firestore-error.ts'

const ReceivedValue = z.object({
  bytesValue: z.string().optional(),
  stringValue: z.string().optional(),
  timestampValue: z.string().optional(),
  arrayValue: z
    .object({ values: z.array(z.object({ stringValue: z.string().optional() })).optional() })
    .optional(),
})

const FoundDocument = z.object({
  name: z.string(),
  updateTime: z.string().optional(),
  fields: z.record(z.string(), ReceivedValue).optional(),
})

const Refusal = z.object({ error: z.object({ status: z.string().regex(/^[A-Z_]{1,40}$/) }) })

/** A stream, as the REST API has it: what only reports progress has no document. An error may come in the middle. */
const Found = z.array(Refusal.or(z.object({ document: FoundDocument.optional() })))

const Counted = z.array(
  Refusal.or(
    z.object({
      result: z
        .object({ aggregateFields: z.object({ found: z.object({ integerValue: z.string() }) }) })
        .optional(),
    }),
  ),
)

/** The document in a reply. Throws for what is none. */
export function parseDocument(body: Buffer): Document {
  return FoundDocument.parse(parseJson(body))
}

/** The documents in the reply to a query. Throws for what is none, and `FirestoreError` where the query failed on its way. */
export function parseFound(body: Buffer): readonly Document[] {
  return Found.parse(parseJson(body)).flatMap((part) => {
    if ('error' in part) throw new FirestoreError(part.error.status)
    return part.document ?? []
  })
}

/** The number in the reply to a count, likewise. */
export function parseCounted(body: Buffer): number {
  for (const part of Counted.parse(parseJson(body))) {
    if ('error' in part) throw new FirestoreError(part.error.status)
    if (part.result !== undefined) return Number(part.result.aggregateFields.found.integerValue)
  }
  throw new Error('firestore did not count')
}

/** What a reply that is no success says; `UNKNOWN` where it says nothing, as a proxy does. */
export function refusal(body: Buffer): FirestoreError {
  const parsed = Refusal.or(z.tuple([Refusal], Refusal)).safeParse(parseJson(body))
  const [first] = parsed.success ? [parsed.data].flat() : []
  return new FirestoreError(first?.error.status ?? 'UNKNOWN')
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    // What JSON.parse complains about is quoted.
    return undefined
  }
}
