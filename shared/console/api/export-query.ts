import { z } from '@hono/zod-openapi'

import type { BundleScope } from '../../recording/bundle/bundle-line.ts'
import { callFilter } from '../views/call-filter.ts'

/** What somebody wants exported as a bundle, or as events. */
export interface ExportQuery {
  readonly scope: BundleScope
  readonly format: 'bundle' | 'ocsf'
  readonly withPrivate: boolean
  /** Size of the log at an earlier checkpoint. */
  readonly previous: number | undefined
}

const instant = z.iso.datetime({ offset: true })
const flag = z.enum(['true', 'false']).transform((text) => text === 'true')

/** `GET /v1/export` */
export const exportQuery = z
  .strictObject({
    ...callFilter.shape,
    session: z
      .string()
      .regex(/^[a-z2-7]{26}$/, 'must be the id of a session')
      .optional(),
    from: instant.optional(),
    to: instant.optional(),
    all: flag.default(false),
    format: z.enum(['bundle', 'ocsf', 'csv']).default('bundle'),
    private: flag.default(false),
    previous: z
      .string()
      .regex(/^(?:0|[1-9]\d{0,14})$/, 'must be the size of the log at an earlier checkpoint')
      .transform(Number)
      .optional(),
  })
  .refine(
    ({ all, ...rest }) => all !== Object.entries(rest).some(isPart),
    'say what: `all=true`, or one or more of `session`, `principal`, `from`, `to` and, for CSV, whatever calls are searched by',
  )
  .refine(
    ({ from, to }) => from === undefined || to === undefined || Date.parse(from) < Date.parse(to),
    '`from` must be before `to`',
  )
  .refine(
    ({ format, previous }) => format === 'bundle' || previous === undefined,
    'only a bundle has a proof from `previous`',
  )
  .refine((query) => query.format !== 'csv' || !query.private, 'CSV has no private facts')
  .refine((query) => query.format === 'csv' || isWhole(query), {
    message: 'only CSV is filtered by that: a bundle is by `session`, `principal`, `from` and `to`',
  })
  .refine(
    ({ format, principal = [] }) =>
      format === 'csv' ||
      (principal.length <= 1 && principal.every((one) => /^\S+ \S.*$/.test(one))),
    { path: ['principal'], message: 'must be issuer and sub, with a space between them' },
  )

/** Whether it asks for nothing but what a bundle can be of. */
function isWhole(query: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(query).every((member) => !isPart(member) || BUNDLE_PARTS.has(member[0]))
}

const BUNDLE_PARTS = new Set(['session', 'principal', 'from', 'to'])

/** Whether a member says which part of the record is meant. */
function isPart([name, value]: readonly [string, unknown]): boolean {
  return value !== undefined && !ABOUT_ALL.has(name)
}

const ABOUT_ALL = new Set(['all', 'format', 'private', 'previous'])

/** A query that is not for CSV. */
export function bundleQueryOf(
  asked: z.infer<typeof exportQuery>,
  format: ExportQuery['format'],
): ExportQuery {
  const { all, session, principal: [principal] = [], from, to, previous } = asked
  const part = {
    ...(session !== undefined && { session }),
    ...(principal !== undefined && { principal }),
    ...(from !== undefined && { from: Date.parse(from) }),
    ...(to !== undefined && { to: Date.parse(to) }),
  }
  const scope: BundleScope = all ? { all: true } : part
  return { scope, format, withPrivate: asked.private, previous }
}
