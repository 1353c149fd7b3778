import { z } from 'zod'

import { splitName } from './column-name.ts'
import type { DataEntry } from './governance.ts'
import { maskSchema } from './mask-schema.ts'
import { tagsSchema } from './tag-schema.ts'

const MAX_PATTERN = 256

/** Patterns of tables, or of columns, in one entry. */
export const MAX_PATTERNS = 100

const pattern = z
  .string()
  .min(1)
  .max(MAX_PATTERN)
  .regex(/^[^`\s]/, 'expected a name or a pattern, without quotes and spaces around it')

const tablePattern = pattern.refine(
  (text) => text.includes('*') || splitName(text).some(({ column }) => column === ''),
  'expected `project.dataset.table`, or a pattern in which `*` stands for any characters',
)

const columnPattern = pattern.regex(
  /^[^[\]]+$/,
  'the fields of an array are written like those of a STRUCT: `visits.notes`',
)

/** One pattern, or a list of them. */
const oneOrMore = (one: typeof pattern) =>
  z
    .union([one, z.array(one).min(1)], {
      error: ({ input }) =>
        typeof input === 'string' ? undefined : 'expected a name or pattern, or a list of them',
    })
    .refine(
      (written) => typeof written === 'string' || written.length <= MAX_PATTERNS,
      `at most ${MAX_PATTERNS} in one entry`,
    )
    .transform((written): readonly string[] => (typeof written === 'string' ? [written] : written))

/** One or more patterns of tables. */
export const tablePatterns = oneOrMore(tablePattern)

/** An entry of `data`. Parses to a `DataEntry`. */
export const dataSchema = z
  .strictObject({
    tables: tablePatterns.describe(
      'Tables, not views: `project.dataset.table`, or a pattern in which `*` stands for any ' +
        'characters, dots too. Names match whatever their case. What comes through a view, a copy ' +
        'made by a query or a routine is masked with the column it comes from.',
    ),
    columns: oneOrMore(columnPattern).describe(
      'Columns by name or pattern, fields inside STRUCTs and arrays with dots: `visits.notes`, ' +
        "`*email*`; `'*'` for all of them. A column stands for all fields inside it. A column that " +
        'comes later and that no pattern matches is shown: patterns are safer than lists.',
    ),
    tags: tagsSchema,
    mask: maskSchema.optional(),
  })
  .transform(({ tables, columns, tags, mask }): DataEntry => ({
    tables: tables.map(folded),
    columns: columns.map(folded),
    tags,
    mask,
  }))

const folded = (text: string): string => text.toLowerCase()
