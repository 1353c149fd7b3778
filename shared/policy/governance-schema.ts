import { z } from 'zod'

import { type Protection, oracleEffects } from './governance.ts'
import { idSchema } from './id-schema.ts'
import { maskSchema } from './mask-schema.ts'
import { tagSchema, tagsSchema } from './tag-schema.ts'

const POLICY_TAG = /^projects\/[^/]+\/locations\/[^/]+\/taxonomies\/[^/]+\/policyTags\/[^/]+$/

/** `policyTags`. Parses to a map by resource name. */
export const policyTagsSchema = z
  .record(
    z
      .string()
      .regex(
        POLICY_TAG,
        'expected `projects/PROJECT/locations/LOCATION/taxonomies/NUMBER/policyTags/NUMBER`',
      ),
    z
      .strictObject({ tags: tagsSchema, mask: maskSchema.optional() })
      .transform(({ tags, mask }): Protection => ({ tags, mask })),
  )
  .transform((written): ReadonlyMap<string, Protection> => new Map(Object.entries(written)))

const oracleEffect = z.enum(oracleEffects)

/** `oracles`. */
export const oraclesSchema = z
  .strictObject({
    default: oracleEffect
      .prefault('deny')
      .describe('For tags that are not listed. `deny` when left out.'),
    tags: z
      .record(tagSchema, oracleEffect)
      .prefault({})
      .describe(
        'By tag. Of a column with several tags the strictest counts. `allow` for a tag lets whoever ' +
          'may query it learn its values by asking, one bit at a time.',
      ),
    approval: idSchema
      .optional()
      .describe(
        'The entry of `approvals` that what is `require-approval` here has to meet. Another one may be ' +
          'easier to meet.',
      ),
  })
  .prefault({})
  .transform(({ default: usual, tags, approval }) => ({
    default: usual,
    tags: new Map(Object.entries(tags)),
    approval,
  }))

/** `aggregates`. Only what counts: of any other function the result is no size of a group. */
export const aggregatesSchema = z
  .strictObject({
    functions: z
      .array(z.enum(['COUNT', 'COUNTIF', 'APPROX_COUNT_DISTINCT']))
      .prefault(['COUNT', 'COUNTIF', 'APPROX_COUNT_DISTINCT'])
      .describe(
        'Functions whose result over nothing but one masked column is shown. All three when left out. ' +
          '`COUNTIF` answers questions about values, if only about groups.',
      ),
    minimumGroupSize: z
      .int('expected a whole number of at least 2')
      .min(2, 'expected a whole number of at least 2')
      .prefault(10)
      .describe(
        'A count below it becomes NULL; 10 when left out. The smaller it is, the easier two counts ' +
          'are compared to find one person.',
      ),
  })
  .prefault({})
