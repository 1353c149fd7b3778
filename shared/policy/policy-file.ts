import { z } from 'zod'

import { connectionSchema } from './connection-schema.ts'
import { issuerSchema } from './issuer-schema.ts'
import { ruleSchema } from './rule-schema.ts'

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
    rules: z
      .array(ruleSchema)
      .describe('Who may do what. Their order means nothing; without any, nobody may do anything.'),
  })
  .describe(
    'The policy of a Sluice gateway. Whoever can change it decides who sees which data; its SHA-256 ' +
      'is in every recorded decision.',
  )
