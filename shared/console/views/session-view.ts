import { z } from '@hono/zod-openapi'

import { callSummary, entryView } from './call-view.ts'
import { person, time } from './wire.ts'

const text = z.string()
const count = z.number()

/** A session in a list. */
export const sessionSummary = z.object({
  session: text,
  at: time,
  principal: person,
  claimed: z.object({
    server: text.optional(),
    tool: text.optional(),
    name: text.optional(),
    userAgent: text.optional(),
  }),
  sourceAddress: text.optional(),
  /** Undefined while it is open. */
  closedAt: time.optional(),
  /** Counted no further than 1,000 each. */
  calls: count,
  denied: count,
  held: count,
})

/** A page of sessions, newest first. */
export const sessionList = z.object({
  sessions: z.array(sessionSummary),
  nextPageToken: text.optional(),
})

/** A session, its calls oldest first, at most 500 at a time. */
export const sessionView = z.object({
  summary: sessionSummary,
  calls: z.array(
    z.object({
      summary: callSummary,
      /** Of its entries: what happened when, for a timeline. */
      steps: z.array(z.object({ entry: text, type: text, at: time, summary: text })),
    }),
  ),
  nextPageToken: text.optional(),
  /** Opening and closings, with count and root. */
  entries: z.array(entryView),
})

/** An entry about the record itself, or about no call. */
const eventView = z.object({
  entry: text,
  type: text,
  at: time,
  principal: person.optional(),
  summary: text,
})

export const eventList = z.object({
  events: z.array(eventView),
  nextPageToken: text.optional(),
})

export type SessionSummary = z.infer<typeof sessionSummary>
export type SessionList = z.infer<typeof sessionList>
export type SessionView = z.infer<typeof sessionView>
export type EventList = z.infer<typeof eventList>
