import { z } from 'zod'

import { accountSchema } from './account-schema.ts'
import { approvalHoursSchema } from './approval-hours-schema.ts'
import type { ApprovalTerms } from './approval-terms.ts'
import { approversSchema, fewestPeople } from './approvers-schema.ts'
import { idSchema } from './id-schema.ts'
import { byteCount, duration } from './quantity.ts'
import { slackChannel } from './slack-schema.ts'

const group = z.string().min(1)

const escalation = z
  .strictObject({
    after: duration.describe('How long after it was asked. Shorter than `wait`.'),
    group: group.describe(
      'From then on its members may vote in place of any other group. Whoever chooses it decides who ' +
        'approves what others only have to leave lying.',
    ),
    slackChannel: slackChannel
      .optional()
      .describe(
        'Where it is asked then; in the usual channel when left out. All in it read the SQL.',
      ),
  })
  .transform(({ after, group: to, slackChannel: channel }) => ({
    afterMs: after,
    group: to,
    slackChannel: channel,
  }))

const timeBox = z
  .strictObject({
    longest: duration.describe(
      'For at most so long: `8h`. Nobody looks at what is asked until then.',
    ),
    maximumBytes: byteCount.describe(
      'All queries in it together process at most so much: bytes, or such as `10 GiB`. The more it ' +
        'is, the more of a table leaves under one approval.',
    ),
  })
  .transform(({ longest, maximumBytes }) => ({ longestMs: longest, maximumBytes }))

/** An entry of `approvals`. Parses to `ApprovalTerms`. */
export const approvalSchema = z
  .strictObject({
    id: idSchema.describe(
      'Its name in rules, in messages and in the record. Whoever gives it to another entry changes what ' +
        'every rule that names it demands.',
    ),
    description: z
      .string()
      .min(1)
      .max(500)
      .describe('What approvers are to look at, in a sentence. They go by it.'),
    approvers: approversSchema.describe(
      'Who has to agree. Never the requester, nor somebody the request acts for, whatever this says.',
    ),
    quorum: z
      .int('expected a whole number above 0')
      .positive('expected a whole number above 0')
      .optional()
      .describe(
        'How many different people have to agree at least. What `approvers` need anyway when left out; ' +
          'it can only be more. Lowered, fewer people have to be talked into it.',
      ),
    machines: z
      .array(accountSchema)
      .min(1)
      .optional()
      .describe(
        'Machines that may vote, if they are in one of the groups; none when left out. Whoever holds the ' +
          'credential of one approves without a person.',
      ),
    wait: duration
      .prefault('1h')
      .describe(
        'How long a request waits for votes before it expires; `1h` when left out. The longer, the older ' +
          'what somebody approves may be.',
      ),
    useWithin: duration
      .prefault('15m')
      .describe(
        'How long an approved query may take to start; `15m` when left out. Until then an approval lies ' +
          'ready for whoever has the credentials of the requester, and what a SELECT found is read again by ' +
          'whoever of them asks the same again, without a second run.',
      ),
    hours: approvalHoursSchema
      .optional()
      .describe(
        'When people may be asked, may vote, and what they approved may start. At any time when left out: ' +
          'at night fewer people see what is approved.',
      ),
    reminders: z
      .array(duration)
      .prefault([])
      .describe(
        'So long after it was asked, approvers are reminded: `[15m, 30m]`, all shorter than `wait`. Many ' +
          'of them teach people to approve without reading.',
      ),
    escalation: escalation
      .optional()
      .describe('Who may vote when nobody else did. Nobody when left out.'),
    breakGlass: z
      .strictObject({
        group: group.describe('Its members may go ahead. Whoever gets into it needs no approval.'),
      })
      .optional()
      .describe(
        'Who may run a query without a vote, when they say why. It alerts, and somebody else has to look ' +
          'at it afterwards. Nobody when left out.',
      ),
    timeBox: timeBox
      .optional()
      .describe(
        'What an approver may grant beyond the query at hand: queries of the same kind, of the same tables, ' +
          'for a while. Nothing when left out. Whoever widens it needs to deceive an approver less often.',
      ),
    slackChannel: slackChannel
      .optional()
      .describe(
        'Where it is asked; nowhere in Slack when left out. All who are in the channel read the SQL, and ' +
          'requests sent to another one are overlooked.',
      ),
  })
  .transform(({ approvers, quorum, ...terms }): ApprovalTerms => ({
    id: terms.id,
    description: terms.description,
    approvers,
    quorum: quorum ?? fewestPeople(approvers),
    machines: terms.machines ?? [],
    waitMs: terms.wait,
    useWithinMs: terms.useWithin,
    hours: terms.hours,
    remindersMs: [...new Set(terms.reminders)].toSorted((a, b) => a - b),
    escalation: terms.escalation,
    breakGlass: terms.breakGlass,
    timeBox: terms.timeBox,
    slackChannel: terms.slackChannel,
  }))
