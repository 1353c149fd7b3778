import { z } from '@hono/zod-openapi'

/** What lists take beside their filter. */
export const paging = {
  /** `nextPageToken` of the page before, for the same filter. */
  pageToken: z.string().min(1).max(4_000).optional(),
  /** At most so many; there may be fewer, and still a next page. */
  pageSize: z.coerce.number().int().min(1).max(200).default(50),
}
