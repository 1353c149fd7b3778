import { z } from 'zod'

import { infoTypes, maskingExpressions } from '../policy/mask.ts'

const mask = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('expression'), expression: z.enum(maskingExpressions) }),
  z.strictObject({ kind: z.literal('detect'), infoTypes: z.array(z.enum(infoTypes)) }),
  z.strictObject({ kind: z.literal('small-count'), below: z.int().nonnegative() }),
])

/** `OutputMask` as entries and jobs hold it. */
export const outputMask = z.strictObject({
  path: z.array(z.int().nonnegative()),
  name: z.string(),
  mask,
  columns: z.array(z.string()),
})
