import { z } from '@hono/zod-openapi'

import { callSummary } from './call-view.ts'
import { time } from './wire.ts'

const text = z.string()
const texts = z.array(text)
const count = z.number()

/** Tables that were asked about lately. */
export const tableList = z.object({
  tables: z.array(
    z.object({
      table: text,
      calls: count,
      lastAt: time,
      principals: count,
      governedColumns: count,
    }),
  ),
  counted: z.object({ calls: count, isAll: z.boolean() }),
})

/** A table: who touched it, and what hides its columns. */
export const tableView = z.object({
  table: text,
  /** Undefined where BigQuery does not say. */
  columns: z
    .array(
      z.object({
        column: text,
        type: text,
        /** What the policy in force puts on it for whoever has no exemption. */
        mask: text.optional(),
        tags: z.array(z.object({ tag: text, from: text })),
        /** Of the calls looked at. */
        read: count,
        filteredOn: count,
        lastReadAt: time.optional(),
      }),
    )
    .optional(),
  /** By principal, most calls first, at most 20. */
  principals: z.array(
    z.object({
      principal: text,
      label: text,
      calls: count,
      lastAt: time,
      clients: texts,
      approvers: texts,
    }),
  ),
  /** Newest first, at most 20. */
  calls: z.array(callSummary),
  counted: z.object({ calls: count, isAll: z.boolean() }),
})

export type TableList = z.infer<typeof tableList>
export type TableView = z.infer<typeof tableView>
