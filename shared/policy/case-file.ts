import { z } from 'zod'

import { maskSchema } from './mask-schema.ts'
import type { Mask } from './mask.ts'

const name = z.string().min(1).max(500)

/** What a test expects in place of a value: a mask as policy writes it, or NULL for a small count. */
const expectedMask = z.union([
  z
    .strictObject({ minimumGroupSize: z.int().min(2) })
    .transform(({ minimumGroupSize }): Mask => ({ kind: 'small-count', below: minimumGroupSize })),
  maskSchema,
])

const policyCase = z.strictObject({
  name: name.describe('What it shows, for whoever reads a failure.'),
  principal: z
    .strictObject({
      issuer: name.optional(),
      sub: name.prefault('somebody'),
      groups: z.array(name).prefault([]),
      client: z.string().prefault(''),
      claims: z.record(name, z.string()).prefault({}),
    })
    .prefault({})
    .describe('Who asks. The issuer is the first one of the policy when left out.'),
  sql: z.string().min(1),
  parameters: z
    .union([z.record(name, z.string()), z.array(z.string())])
    .prefault({})
    .describe('Types of query parameters: `{ day: DATE }`, or a list of them by position.'),
  justification: z.string().prefault(''),
  estimatedBytes: z.int().min(0).optional().describe('As if by a dry run.'),
  time: z.iso.datetime().optional().describe('When it is asked; now when left out.'),
  sourceAddress: z.string().prefault(''),
  expect: z.strictObject({
    decision: z.enum(['permit', 'require-approval', 'deny']),
    reason: name
      .optional()
      .describe('Of a denial: `oracle`, `no-matching-rule`, `not-understood`, …'),
    masks: z
      .record(name, expectedMask)
      .optional()
      .describe('All masks, by output column, such as `visits.notes`. None when left out.'),
    rules: z
      .array(name)
      .optional()
      .describe('All rules that have a say. Not looked at when left out.'),
    approvals: z
      .array(name)
      .optional()
      .describe('All entries of `approvals` to be met. Not looked at when left out.'),
  }),
})

/** A file of cases that a policy must decide as they say. Unknown keys are refused. */
export const caseFile = z.strictObject({
  policy: name.describe('The policy file, from the folder of this one.'),
  schemas: name.optional().describe('A folder of schemas, from the folder of this one.'),
  project: name.describe('The project that queries are billed to.'),
  defaultDataset: name.optional().describe('What table names without a dataset mean.'),
  cases: z.array(policyCase).min(1),
})

export type CaseFile = z.infer<typeof caseFile>
export type PolicyCase = CaseFile['cases'][number]
