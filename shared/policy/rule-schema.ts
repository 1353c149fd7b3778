import { z } from 'zod'

import { conditionFunctions } from './condition-calls.ts'
import { conditionLimits, conditionVariables } from './condition-environment.ts'
import { idSchema } from './id-schema.ts'
import { byteCount } from './quantity.ts'
import { tagSchema } from './tag-schema.ts'

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
    .enum(['permit', 'require-approval', 'deny'])
    .describe(
      'What the rule does when its condition holds. A deny beats everything, `require-approval` beats ' +
        'a permit, and what no rule names is denied: a permit added or a deny removed opens, never ' +
        'the other way round.',
    ),
  when: z
    .string()
    .min(1)
    .max(conditionLimits.characters)
    .describe(
      `A condition in CEL over ${variables}, with ${conditionFunctions.join(', ')}. \`glob\` matches ` +
        '`project.dataset.table` against a pattern in which `*` stands for any characters. A ' +
        'condition that cannot be evaluated, for a claim that is missing, permits nothing and ' +
        'denies everything. In a rule that permits `glob` sees case; in one that denies or requires ' +
        'approval it does not, as there are datasets that do not either (under a `!` the other way ' +
        'round); `==`, `in` and the rest always see it. `query.columns` are those of the tables under ' +
        'views, `query.filterColumns` those of them that filters, joins, grouping, ordering or windows ' +
        'look at. What a routine reads is not in `query.tables`: a rule that does not mention ' +
        '`query.routines` permits no query that runs one. A rule that mentions `query.estimatedBytes` ' +
        'costs a dry run per query. Claims and names are chosen by issuers and callers: compare them ' +
        'with values written here, not with each other.',
    ),
  unmask: z
    .array(tagSchema)
    .min(1)
    .optional()
    .describe(
      'Tags whose masks are lifted for queries this rule permits; of a column with several tags all ' +
        'must be listed, here or in another rule that permits the same query. As the rule permits the ' +
        'whole query by itself, one that also matches and lists none takes nothing away: people in two ' +
        'groups see what either may. Whoever adds a tag here shows those columns to all the rule is for.',
    ),
  maximumRows: z
    .int('expected a whole number above 0')
    .positive('expected a whole number above 0')
    .optional()
    .describe(
      'Rows one query may hand out, over all pages. The strictest of all matching rules counts.',
    ),
  maximumBytesBilled: byteCount
    .optional()
    .describe(
      'Queries this rule permits may bill at most so much: bytes, or such as `10 GiB`. The strictest ' +
        'of all matching rules and connections counts, so raising it alone opens nothing more.',
    ),
  approval: idSchema
    .optional()
    .describe(
      'The entry of `approvals` that a query this rule holds has to meet; of every rule that requires ' +
        'approval, and no other. Of several rules that hold a query each has its own met. Another entry ' +
        'may be easier to meet.',
    ),
  justification: z
    .literal('required')
    .optional()
    .describe(
      'A query that says no reason is refused. What the caller says is recorded, and believed by ' +
        'nobody: it is for who reads the record.',
    ),
})
