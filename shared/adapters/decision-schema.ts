import { z } from 'zod'

import { columnUses } from '../analysis/lineage.ts'
import { outputMask } from './mask-schema.ts'
import { maybe } from './maybe.ts'

const text = z.string()
const maybeText = maybe(text)
const texts = z.array(text)
const count = z.int().nonnegative()

const obligations = z.strictObject({
  maximumBytesBilled: maybe(count),
  jobTimeoutMs: maybe(count),
  maximumRows: maybe(count),
  masks: z.array(outputMask),
  governed: z.boolean(),
})

/** `Decision` of effect `permit`, as entries hold it. */
export const permit = z.strictObject({
  effect: z.literal('permit'),
  rules: texts,
  obligations,
  policyDigest: text,
})

/** `Decision` of effect `require-approval`. */
export const requireApproval = z.strictObject({
  ...permit.shape,
  effect: z.literal('require-approval'),
  approvals: texts,
})

/** `Decision` of effect `deny`. */
export const deny = z.strictObject({
  effect: z.literal('deny'),
  rules: texts,
  reason: z.enum([
    'no-connection',
    'no-matching-rule',
    'denied-by-rule',
    'condition-failed',
    'oracle',
    'unmasked-target',
    'justification-missing',
  ]),
  uses: maybe(
    z.array(z.strictObject({ column: text, use: z.enum([...columnUses, 'write']), by: maybeText })),
  ),
  policyDigest: text,
})
