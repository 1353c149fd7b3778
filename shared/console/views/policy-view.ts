import { z } from '@hono/zod-openapi'

import { person, time } from './wire.ts'

const text = z.string()
const count = z.number()

/** The policy in force, and what was in force before. */
export const policyView = z.object({
  digest: text,
  text,
  /** Newest first, at most 50. */
  history: z.array(
    z.object({
      at: time,
      what: z.enum(['policy', 'kill-switch']),
      before: text.optional(),
      after: text.optional(),
      by: person.optional(),
    }),
  ),
})

const change = z.enum([
  'newly-denied',
  'newly-held',
  'newly-masked',
  'let-out',
  'same',
  'not-compared',
])

/** What another policy would have said to recorded calls. */
export const whatIfReport = z.object({
  /** SHA-256, hex, of the candidate. */
  digest: text,
  from: time,
  to: time,
  /** Calls compared, and whether there were more. */
  calls: count,
  isAll: z.boolean(),
  counts: z.record(change, count),
  byRule: z.array(z.object({ rule: text, counts: z.record(change, count) })),
  byPrincipal: z.array(z.object({ principal: text, label: text, counts: z.record(change, count) })),
  /** Calls about which the two policies differ, newest first, at most 200. */
  changes: z.array(
    z.object({
      call: text,
      at: time,
      principal: text.optional(),
      change,
      /** For people. */
      before: text,
      after: text,
      rules: z.array(text),
      strippedSql: text.optional(),
    }),
  ),
  /** Why calls could not be compared, such as erased SQL: reason and how many. */
  notCompared: z.array(z.object({ reason: text, calls: count })),
})

/** A line of a comparison that tells how far it is; the report, or why there is none, comes last. */
export const whatIfLine = z.union([
  z.object({ report: whatIfReport }),
  z.object({ progress: z.object({ done: count, of: count }) }),
  z.object({ error: z.object({ message: text }) }),
])

/** What is wrong with a policy. */
export const policyProblems = z.object({
  problems: z.array(z.object({ message: text, line: count.optional(), column: count.optional() })),
})

export type PolicyView = z.infer<typeof policyView>
export type PolicyProblems = z.infer<typeof policyProblems>
export type WhatIfReport = z.infer<typeof whatIfReport>

/** Where a policy decides otherwise than cases say. */
export const policyTestReport = z.object({
  /** SHA-256, hex, of the policy that decided. */
  digest: text,
  passed: count,
  /** In the order of the file; what came after the time was over is left out, and `isAll` says so. */
  cases: z.array(
    z.object({
      name: text,
      /** None when it passes. */
      differences: z.array(z.object({ what: text, expected: text, actual: text })),
    }),
  ),
  isAll: z.boolean(),
})

export type PolicyTestReport = z.infer<typeof policyTestReport>
