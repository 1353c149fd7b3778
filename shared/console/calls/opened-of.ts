import { z } from '@hono/zod-openapi'

import type { KeptEntry } from '../../recording/entry-store.ts'
import { openedFacts } from '../../recording/export/opened-facts.ts'
import type { RecordSecrets } from '../../recording/private-facts.ts'

const asked = z.object({
  sql: z.string().optional(),
  parameters: z.unknown().optional(),
  justification: z.string().optional(),
  detail: z.string().optional(),
})

const delivered = z.object({ error: z.string().optional(), body: z.string().optional() })

/** The private facts beside an entry: opened, erased, or none. */
export type Opened<T> =
  | { readonly state: 'opened'; readonly facts: T }
  | { readonly state: 'erased' | 'none' }

export type OpenedAsked = Opened<z.infer<typeof asked>>
export type OpenedDelivered = Opened<z.infer<typeof delivered>>

/** What was asked, as it stands beside a request or a refusal. Rejects when secrets cannot be had. */
export function openedAsked(
  secrets: Pick<RecordSecrets, 'find'>,
  kept: KeptEntry | undefined,
): Promise<OpenedAsked> {
  return opened(secrets, kept, asked)
}

/** What was handed over, as it stands beside a page or an outcome. Rejects when secrets cannot be had. */
export function openedDelivered(
  secrets: Pick<RecordSecrets, 'find'>,
  kept: KeptEntry | undefined,
): Promise<OpenedDelivered> {
  return opened(secrets, kept, delivered)
}

async function opened<T>(
  secrets: Pick<RecordSecrets, 'find'>,
  kept: KeptEntry | undefined,
  schema: z.ZodType<T>,
): Promise<Opened<T>> {
  if (kept?.ciphertext === undefined) return { state: 'none' }
  const { entry, bytes, ciphertext } = kept
  const part = await openedFacts(secrets, { id: entry.id, bytes, ciphertext })
  if (part === undefined) return { state: 'erased' }
  return { state: 'opened', facts: schema.parse(JSON.parse(part.facts)) }
}
