import { z } from 'zod'

import { approvalSchema } from './approvals-schema.ts'
import { connectionSchema } from './connection-schema.ts'
import { dataSchema } from './data-schema.ts'
import { aggregatesSchema, oraclesSchema, policyTagsSchema } from './governance-schema.ts'
import { issuerSchema } from './issuer-schema.ts'
import { limitsSchema } from './limits-schema.ts'
import { personSchema } from './people-schema.ts'
import { recordSchema } from './record-schema.ts'
import { rolesSchema } from './roles-schema.ts'
import { ruleSchema } from './rule-schema.ts'
import { slackSchema } from './slack-schema.ts'
import { telemetrySchema } from './telemetry-schema.ts'

/** The policy file, before its parts are held against each other. Unknown keys are refused. */
export const policyFile = z
  .strictObject({
    version: z.literal(1).describe('The format of this file.'),
    issuers: z
      .array(issuerSchema)
      .min(1)
      .describe('Whose tokens are believed. Whoever adds one here can be anybody.'),
    connections: z
      .array(connectionSchema)
      .min(1)
      .describe('How queries reach BigQuery. A project in none of them is out of reach.'),
    roles: rolesSchema.describe(
      'What members of a group may do about Sluice itself, by group: `requester` asks for approval and exports ' +
        'what they did themselves, `approver` gives it, `auditor` reads the record and puts it on hold, ' +
        '`policy-admin` sees this file, `records-manager` has private facts erased. Nobody has both of the last. ' +
        'An `auditor` who is `private-reader` too exports private facts in clear: SQL with its values, and ' +
        'results where they are kept. No role lets anybody query; whoever makes a group of theirs approver ' +
        'approves what rules hold back.',
    ),
    data: z
      .array(dataSchema)
      .prefault([])
      .describe(
        'What columns hold and how they are masked, whoever asks; rules say for whom a mask is lifted. ' +
          'Every mask that applies to a column counts. Whoever removes an entry shows its columns to ' +
          'all who may query them.',
      ),
    policyTags: policyTagsSchema
      .optional()
      .describe(
        "BigQuery's policy tags, by resource name, as columns have them in their schema. With this " +
          'section a policy tag that is not listed masks with `DEFAULT_MASKING_VALUE`. Whoever may ' +
          'change the tags of a column in BigQuery opens what only this section masks.',
      ),
    oracles: oraclesSchema.describe(
      'What becomes of a query in which a masked column decides something: in a filter, a join, a ' +
        'grouping, an order, or by failing on some values. Its values could be asked for one by one.',
    ),
    aggregates: aggregatesSchema.describe('Counts over masked columns that are shown as they are.'),
    limits: limitsSchema.describe(
      'How much somebody may use, counted for all instances together. Without any, only the limits of ' +
        'connections and rules hold.',
    ),
    approvals: z
      .array(approvalSchema)
      .prefault([])
      .describe(
        'How people approve what rules or `oracles` hold back. Whoever makes one of them easier to meet ' +
          'lets through what was held.',
      ),
    people: z
      .array(personSchema)
      .prefault([])
      .describe(
        'Who is who: the accounts and the Slack user of one person. Somebody with two accounts who is not ' +
          'listed counts as two people.',
      ),
    slack: slackSchema
      .optional()
      .describe(
        'The one Slack workspace and app in which people vote. Absent: votes come with tokens only. Whoever ' +
          'administers the workspace can vote as anybody in it.',
      ),
    record: recordSchema.describe(
      'What the record keeps, for how long, and who else vouches for it. No setting here lets anybody change ' +
        'an entry.',
    ),
    telemetry: telemetrySchema.describe(
      'What traces say of queries, where the environment names somebody who collects them. No setting here puts a value, ' +
        'a principal or a token into one.',
    ),
    rules: z
      .array(ruleSchema)
      .describe('Who may do what. Their order means nothing; without any, nobody may do anything.'),
  })
  .describe(
    'The policy of a Sluice gateway. Whoever can change it decides who sees which data; its SHA-256 ' +
      'is in every recorded decision.',
  )
