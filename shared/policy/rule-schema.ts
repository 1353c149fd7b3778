import { z } from 'zod'

import { conditionFunctions } from './condition-calls.ts'
import { conditionLimits, conditionVariables } from './condition-environment.ts'
import { idSchema } from './id-schema.ts'
import { byteCount } from './quantity.ts'

const variables = Object.entries(conditionVariables)
  .map(([name, fields]) => `${name} { ${Object.keys(fields).join(', ')} }`)
  .join(', ')

/** An entry of `rules`. `when` is compiled elsewhere: its problems have places inside the text. */
export const ruleSchema = z.strictObject({
  id: idSchema.describe('Its name in decisions and in the record. Keep it when the rule changes.'),
  description: z
    .string()
    .min(1)
    .max(500)
    .describe(
      'For whom and why, in a sentence. Reviewers go by it: one that says less than the rule does ' +
        'is how a wide rule gets in.',
    ),
  effect: z
    .enum(['permit', 'deny'], {
      error: ({ input }) =>
        input === 'require-approval'
          ? 'approvals are not there yet: `permit` or `deny` for now, not `require-approval`'
          : undefined,
    })
    .describe(
      'What the rule does when its condition holds. A deny beats every permit, and what nothing ' +
        'permits is denied: a permit added or a deny removed opens, never the other way round.',
    ),
  when: z
    .string()
    .min(1)
    .max(conditionLimits.characters)
    .describe(
      `A condition in CEL over ${variables}, with ${conditionFunctions.join(', ')}. \`glob\` matches ` +
        '`project.dataset.table` against a pattern in which `*` stands for any characters. A ' +
        'condition that cannot be evaluated, for a claim that is missing, permits nothing and ' +
        'denies everything. Claims and names are chosen by issuers and callers: compare them with ' +
        'values written here, not with each other.',
    ),
  maximumBytesBilled: byteCount
    .optional()
    .describe(
      'Queries this rule permits may bill at most so much: bytes, or such as `10 GiB`. The strictest ' +
        'of all matching rules and connections counts, so raising it alone opens nothing more.',
    ),
})
