import { z } from 'zod'

import { UNLISTED_POLICY_TAG } from './governance.ts'
import { idSchema } from './id-schema.ts'

/** The name of a tag: what kind of data a column holds, in words of whoever writes the policy. */
export const tagSchema = idSchema.refine((tag) => tag !== UNLISTED_POLICY_TAG, {
  error: `Sluice gives this tag itself: \`${UNLISTED_POLICY_TAG}\``,
})

/** Tags of a column. */
export const tagsSchema = z
  .array(tagSchema)
  .min(1)
  .describe(
    'What kind of data this is, in your words: `identifier`, `free-text`. Rules lift masks by tag, and ' +
      'conditions see the tags a query touches. Whoever takes a tag away, or gives it a name that ' +
      'some rule lists under `unmask`, opens the column.',
  )
