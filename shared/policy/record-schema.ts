import { z } from 'zod'

import { parseVerifierKey } from '../tlog/verifier-key-text.ts'
import { tablePatterns } from './data-schema.ts'
import { idSchema } from './id-schema.ts'
import { duration, longDuration } from './quantity.ts'
import type { RecordTerms, RetentionClass, WitnessTerms } from './record-terms.ts'
import { reviewSchema } from './review-schema.ts'

const effect = z.enum(['permit', 'require-approval', 'deny'])

const retentionClass = z
  .strictObject({
    id: idSchema
      .refine((id) => !RESERVED.includes(id), {
        error: ({ input }) => `the name of a class that is always there: \`${String(input)}\``,
      })
      .describe(
        'Its name in the record and in the archive. What was archived under another name is kept as long as ' +
          'whatever is kept longest.',
      ),
    keep: longDuration.describe(
      'How long: `90d`, `6y`. Whoever shortens it has evidence deleted; what is on hold stays all the same.',
    ),
    tables: tablePatterns
      .optional()
      .describe(
        'Calls that read or write one of these: names as in the query, views too, or patterns in which `*` ' +
          'stands for any characters. Names match whatever their case. Any call when left out.',
      ),
    decisions: z
      .union(
        [effect, z.array(effect).min(1)],
        `expected ${effect.options.join(', ')}, or a list of them`,
      )
      .transform((written) => (typeof written === 'string' ? [written] : written))
      .optional()
      .describe(
        'Calls that were decided so; `deny` is every call that was refused, for whatever reason. Any decision ' +
          'when left out.',
      ),
  })
  .refine(({ tables, decisions }) => tables !== undefined || decisions !== undefined, {
    error: 'missing `tables` or `decisions`: which calls are in it',
  })
  .transform(({ id, keep, tables, decisions }): RetentionClass => ({
    id,
    keepMs: keep,
    tables: tables?.map((pattern) => pattern.toLowerCase()),
    decisions,
  }))

const RESERVED: readonly string[] = ['default', 'invalid', 'log', 'record']

const witness = z
  .strictObject({
    url: z
      .string()
      .regex(
        /^(?:https:\/\/|http:\/\/(?:127\.0\.0\.1|localhost)(?::|\/|$))[^\s?#]*[^\s?#/]$/,
        'expected an https address without a `/` at the end',
      )
      .describe('Where it takes checkpoints. Whoever answers there can only refuse to cosign.'),
    key: z
      .string()
      .refine((text) => {
        const key = parseVerifierKey(text)
        return key.ok && key.value.type === 'ed25519-cosignature'
      }, 'expected the verifier key of a witness: `<name>+<key id>+<base64>`')
      .describe(
        'The key it cosigns with. With a key of their own here somebody who has the keys of the log shows ' +
          'different people different logs.',
      ),
  })
  .transform(({ url, key }): WitnessTerms => ({ url, key }))

/** `record`. Parses to `RecordTerms`. */
export const recordSchema = z
  .strictObject({
    results: z
      .enum(['none', 'digest', 'masked'])
      .prefault('digest')
      .describe(
        'What is kept of results: `none`, how much left; `digest`, which is what you get when you leave it out, ' +
          'also what a copy can be held against; `masked`, also what left, as masked as it left, encrypted. ' +
          'With `masked` the record is worth stealing; with `none` nobody can say later what was seen.',
      ),
    retention: z
      .strictObject({
        default: longDuration
          .prefault('6y')
          .describe(
            'What is in no class: `6y` when left out. Whoever shortens it has evidence deleted.',
          ),
        classes: z
          .array(retentionClass)
          .prefault([])
          .describe(
            'What is kept for longer or shorter. Of several that a call is in, the one that keeps longest counts. ' +
              'What the record says of itself stays as long as whatever is kept longest.',
          ),
      })
      .prefault({})
      .describe(
        'How long entries are kept. Then they are deleted, and an entry says so; the log still verifies.',
      ),
    witnesses: z
      .array(witness)
      .prefault([])
      .describe(
        'C2SP witnesses that cosign the log, so that nobody can show two people two logs; none when left out. ' +
          'Without any, whoever has the keys of the log can.',
      ),
    quorum: z
      .int('expected a whole number above 0')
      .positive('expected a whole number above 0')
      .optional()
      .describe(
        'How many of `witnesses` have to cosign; all when left out. Lowered, fewer have to be talked into ' +
          'cosigning two logs.',
      ),
    sessionIdle: duration
      .prefault('12h')
      .describe(
        'After so long without a call a session is closed: `12h` when left out. Until then an entry that ' +
          'somebody took out of it is missed only by its number.',
      ),
    review: reviewSchema.describe(
      'From which figures on a call is flagged as worth a look, from when the policy is in force on. No call is ' +
        'refused for it; whoever sets them high has less looked at.',
    ),
  })
  .prefault({})
  .transform(({ results, retention, witnesses, quorum, sessionIdle, review }): RecordTerms => ({
    results,
    retention: { defaultMs: retention.default, classes: retention.classes },
    witnesses,
    quorum: quorum ?? witnesses.length,
    sessionIdleMs: sessionIdle,
    review,
  }))
