import { z } from 'zod'

import type { SlackTerms } from './approval-terms.ts'

/** `slack`. Parses to `SlackTerms`. */
export const slackSchema = z
  .strictObject({
    team: z
      .string()
      .regex(/^T[A-Z0-9]{5,20}$/, 'expected the id of a workspace such as `T0123456789`')
      .describe(
        'The workspace. In another one, whoever runs that decides who has which user id, and so who ' +
          'approves.',
      ),
    app: z
      .string()
      .regex(/^A[A-Z0-9]{5,20}$/, 'expected the id of an app such as `A0123456789`')
      .describe(
        "The app whose buttons count. With somebody else's here, and its signing secret, they press " +
          'the buttons of everybody.',
      ),
  })
  .transform(({ team, app }): SlackTerms => ({ team, app }))

/** A conversation in the workspace that `slack` names. */
export const slackChannel = z
  .string()
  .regex(/^[CG][A-Z0-9]{5,20}$/, 'expected the id of a channel such as `C0123456789`')

/** A member of the workspace that `slack` names. */
export const slackUser = z
  .string()
  .regex(/^[UW][A-Z0-9]{5,20}$/, 'expected the id of a user such as `U0123456789`')
