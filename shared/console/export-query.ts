import { z } from 'zod'

import { firstIssue } from '../bigquery/wire-types.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import type { BundleScope } from '../recording/bundle/bundle-line.ts'
import type { AuditRefusal } from './audit-refusal.ts'

/** What somebody wants exported. */
export interface ExportQuery {
  readonly scope: BundleScope
  readonly format: 'bundle' | 'ocsf'
  readonly withPrivate: boolean
  /** Size of the log at an earlier checkpoint. */
  readonly previous: number | undefined
}

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))
const flag = z.enum(['true', 'false']).transform((text) => text === 'true')

const query = z
  .strictObject({
    session: z
      .string()
      .regex(/^[a-z2-7]{26}$/, 'must be the id of a session')
      .optional(),
    principal: z
      .string()
      .max(2_000)
      .regex(/^\S+ \S.*$/, 'must be issuer and sub, with a space between them')
      .optional(),
    from: instant.optional(),
    to: instant.optional(),
    all: flag.default(false),
    format: z.enum(['bundle', 'ocsf']).default('bundle'),
    private: flag.default(false),
    previous: z
      .string()
      .regex(/^(?:0|[1-9]\d{0,14})$/, 'must be the size of the log at an earlier checkpoint')
      .transform(Number)
      .optional(),
  })
  .refine(
    ({ all, session, principal, from, to }) =>
      all === [session, principal, from, to].every((each) => each === undefined),
    'say what: `all=true`, or one or more of `session`, `principal`, `from` and `to`',
  )
  .refine(({ from = 0, to = Infinity }) => from < to, '`from` must be before `to`')
  .refine(
    ({ format, previous }) => format === 'bundle' || previous === undefined,
    'only a bundle has a proof from `previous`',
  )

/** The query of a URL, if all of it is understood. */
export function parseExportQuery(
  given: Readonly<Record<string, readonly string[]>>,
): Result<ExportQuery, AuditRefusal> {
  const names = Object.keys(given)
  const twice = names.find((name) => given[name]?.length !== 1)
  if (twice !== undefined) return malformed(`\`${twice.slice(0, 100)}\` is given more than once`)
  const read = query.safeParse(Object.fromEntries(names.map((name) => [name, given[name]?.[0]])))
  if (!read.success) return malformed(firstIssue(read.error))
  const { all, session, principal, from, to, format, previous } = read.data
  const part = {
    ...(session !== undefined && { session }),
    ...(principal !== undefined && { principal }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  }
  const scope: BundleScope = all ? { all: true } : part
  return ok({ scope, format, withPrivate: read.data.private, previous })
}

const malformed = (message: string) => err({ problem: 'malformed', message } as const)
