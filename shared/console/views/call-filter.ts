import { z } from '@hono/zod-openapi'

import { time } from './wire.ts'

const one = z.string().min(1).max(500)
const several = z
  .union([one, z.array(one).max(20)])
  .transform((given) => (typeof given === 'string' ? [given] : given))
const whole = z.coerce
  .number()
  .int()
  .nonnegative()
  // It is no number of canonical JSON, which page tokens are made over.
  .refine((value) => !Object.is(value, -0), 'must not be negative')

/**
 * What calls are searched by. Everything given has to hold; of a filter given several times, each value. Names of tables
 * and columns may leave out what is in front: `patients.ssn` is every `ssn` of every `patients`.
 */
export const callFilter = z.strictObject({
  /** `sub`, e-mail address, or issuer and `sub` with a space between. */
  principal: several.optional(),
  group: several.optional(),
  /** OAuth client, MCP server or tool, or who acts for the principal. */
  client: several.optional(),
  /** A recorded claim: `run_id=42`. */
  claim: several.optional(),
  session: one.optional(),
  table: several.optional(),
  /** Read, in whatever way. */
  column: several.optional(),
  maskedColumn: several.optional(),
  filterColumn: several.optional(),
  tag: several.optional(),
  statementType: one.optional(),
  decision: z.enum(['permit', 'require-approval', 'deny', 'refused']).optional(),
  rule: several.optional(),
  problem: one.optional(),
  outcome: one.optional(),
  /** Who voted yes: as `principal`. */
  approver: several.optional(),
  /** As an approval ended, or stands: `ACTIVE`, `DENIED`, … */
  approval: one.optional(),
  job: one.optional(),
  fingerprint: one.optional(),
  flag: several.optional(),
  /** Calls that ran this one again. */
  replayOf: one.optional(),
  from: time.optional(),
  to: time.optional(),
  /** Bytes that BigQuery processed. */
  minBytes: whole.optional(),
  maxBytes: whole.optional(),
  /** Words of the literal-stripped SQL, each of which occurs. */
  text: one.regex(/[\p{L}\p{N}]/u, 'there is no word in it').optional(),
})

export type CallFilter = z.infer<typeof callFilter>
