import { z } from 'zod'

import { type Mask, infoTypes, maskingExpressions } from './mask.ts'
import { didYouMean } from './nearest.ts'

const expression = z
  .enum(maskingExpressions)
  .describe(
    "BigQuery's masking expressions, and `TOKEN`, a keyed hash that is the same for equal values. " +
      '`LAST_FOUR_CHARACTERS`, `FIRST_FOUR_CHARACTERS`, `EMAIL_MASK` and `DATE_YEAR_MASK` show a ' +
      'part; `SHA256` of values that can be listed, as all social security numbers can, hides nothing ' +
      'from somebody who lists them.',
  )

const detect = z
  .strictObject({
    detect: z
      .array(z.enum(infoTypes))
      .min(1)
      .describe(
        "Cloud DLP's names of what is looked for. What none of them finds is shown: for text in which " +
          'nobody knows what stands, and never for a column that holds nothing but such values.',
      ),
  })
  .describe('What looks like one of these inside a text is replaced; the rest of it stays.')

/** A mask as policy writes it. Parses to a `Mask`. */
export const maskSchema = z
  .union([expression, detect], {
    error: ({ input }) =>
      typeof input === 'string'
        ? `unknown masking expression \`${input}\`${didYouMean(input, maskingExpressions)}`
        : 'expected a masking expression such as `ALWAYS_NULL`, or `{ detect: […] }`',
  })
  .transform((written): Mask =>
    typeof written === 'string'
      ? { kind: 'expression', expression: written }
      : { kind: 'detect', infoTypes: [...new Set(written.detect)].toSorted() },
  )
  .describe(
    'What stands in place of a value for everybody who may not see it. Left out, the columns have tags ' +
      'and no mask. Whoever takes it away, or makes it weaker, shows the column to all who may query it.',
  )
