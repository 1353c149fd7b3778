import { z } from 'zod'

import { accountSchema } from './account-schema.ts'
import type { KnownPerson } from './approval-terms.ts'
import { slackUser } from './slack-schema.ts'

/** An entry of `people`. Parses to a `KnownPerson`. */
export const personSchema = z
  .strictObject({
    accounts: z
      .array(accountSchema)
      .min(1)
      .describe(
        'All accounts of this person, at all issuers. Their votes count once, and none of them approves ' +
          'what another asks for. Whoever takes an account out makes a second person of it.',
      ),
    slackUser: slackUser
      .optional()
      .describe(
        'Their id in the workspace that `slack` names. Whoever controls it votes as this person in Slack, ' +
          'without a token.',
      ),
    groups: z
      .array(z.string().min(1))
      .prefault([])
      .describe(
        'What a vote of theirs counts for when it comes without a token; none when left out. A group ' +
          'added here makes them an approver, whatever the issuer says of them.',
      ),
  })
  .transform((person): KnownPerson => ({
    accounts: person.accounts,
    slackUser: person.slackUser,
    groups: person.groups,
  }))
