import { z } from 'zod'

import type { ApprovalTerms } from './approval-terms.ts'

const howMany = z.int('expected a whole number above 0').positive('expected a whole number above 0')

const voters = z
  .array(
    z.strictObject({
      group: z
        .string()
        .min(1)
        .describe(
          'Its members vote. Whoever may put people into it, at the issuer or by `groupMappings`, ' +
            'chooses who approves.',
        ),
      votes: howMany
        .prefault(1)
        .describe(
          'How many of its members have to agree; 1 when left out. Fewer are easier to find.',
        ),
    }),
  )
  .min(1)

/** `approvers` of an entry of `approvals`. */
export const approversSchema = z
  .strictObject({
    anyOf: voters
      .optional()
      .describe('One of these groups is enough. Each one added is another way to an approval.'),
    allOf: voters
      .optional()
      .describe('It takes every one of these groups. Each one removed makes an approval easier.'),
  })
  .transform(({ anyOf, allOf }, context): ApprovalTerms['approvers'] => {
    if (anyOf !== undefined && allOf === undefined) return { of: 'any', groups: anyOf }
    if (allOf !== undefined && anyOf === undefined) return { of: 'all', groups: allOf }
    context.addIssue('expected `anyOf` or `allOf`, and one of them only')
    return z.NEVER
  })

/** The number of people without whom the groups cannot agree. */
export function fewestPeople({ of, groups }: ApprovalTerms['approvers']): number {
  const votes = groups.map((one) => one.votes)
  return of === 'any' ? Math.min(...votes) : votes.reduce((sum, more) => sum + more, 0)
}
