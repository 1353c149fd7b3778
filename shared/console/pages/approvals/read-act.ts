import { z } from '@hono/zod-openapi'

import type { ApiCall } from '../console-env.ts'

const digest = z.string().regex(/^[0-9a-f]{64}$/)
const words = z.string().trim().max(1_000).default('')

/** What a form of the decision page says, by its `act`. Fields that are not named are left alone: `csrf` is one. */
const acts = z.discriminatedUnion('act', [
  z.object({
    act: z.literal('approve'),
    digest,
    reason: words,
    scope: z.enum(['query', 'box']).default('query'),
    duration: z.string().optional(),
    maximumBytes: z.coerce.number().int().positive().optional(),
  }),
  z.object({ act: z.literal('deny'), digest, reason: words }),
  z.object({ act: z.literal('revoke'), reason: words }),
  z.object({ act: z.literal('review'), reason: words }),
  z.object({ act: z.literal('cancel') }),
])

export type Said = z.infer<typeof acts>

/** What somebody said with a form; undefined when it is none of ours. */
export function readAct(form: Readonly<Record<string, unknown>>): Said | undefined {
  const read = acts.safeParse(form)
  return read.success ? read.data : undefined
}

/** What is missing of it before anybody else need be asked, in words. */
export function missingOf(said: Said): string | undefined {
  if (said.act === 'approve' || said.act === 'cancel' || said.reason !== '') return undefined
  switch (said.act) {
    case 'deny':
      return 'Say why not: whoever asked is told, and it stays on the record.'
    case 'revoke':
      return 'Say why it is revoked: whoever asked is told, and it stays on the record.'
    case 'review':
      return 'Say what you found: it stays on the record.'
  }
}

/** The call of the approvals API that does it. A vote is about the digest that was shown, and about no other request. */
export function callOf(id: string, said: Said): ApiCall {
  const path = `/v1/approvals/${encodeURIComponent(id)}`
  switch (said.act) {
    case 'approve': {
      const { reason, duration, maximumBytes, scope } = said
      const box = scope === 'box' ? { box: { duration, maximumBytes } } : {}
      const body = { verdict: 'approve', reason, digest: said.digest, ...box }
      return { method: 'POST', path: `${path}/votes`, body }
    }
    case 'deny': {
      const body = { verdict: 'deny', reason: said.reason, digest: said.digest }
      return { method: 'POST', path: `${path}/votes`, body }
    }
    case 'revoke':
      return { method: 'POST', path: `${path}/revocation`, body: { reason: said.reason } }
    case 'review':
      return { method: 'POST', path: `${path}/review`, body: { finding: said.reason } }
    case 'cancel':
      return { method: 'POST', path: `${path}/cancellation`, body: {} }
  }
}
