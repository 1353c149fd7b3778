import { z } from 'zod'

import { SlackFailed } from './slack-failed.ts'

const LONGEST_WAIT_MS = 3000
const PAUSE_MS = 250

/** What Slack's client throws. */
const failure = z.object({
  code: z.string(),
  retryAfter: z.number().optional(),
  data: z.object({ error: z.string().optional() }).optional(),
})

/**
 * What `call` resolves with. Tries once more when Slack asked for a moment's patience, or, if it is the same to
 * do it twice, when nobody knows what became of it. Rejects only with `SlackFailed`.
 */
export async function attempt(
  method: string,
  { repeatable }: { readonly repeatable: boolean },
  call: () => Promise<unknown>,
): Promise<unknown> {
  const first = await outcome(call)
  if ('reply' in first) return first.reply
  const patience = first.waitMs ?? (first.known || !repeatable ? undefined : PAUSE_MS)
  if (patience === undefined || patience > LONGEST_WAIT_MS)
    throw new SlackFailed(method, first.error)
  await new Promise((resolve) => setTimeout(resolve, patience))
  const second = await outcome(call)
  if ('reply' in second) return second.reply
  throw new SlackFailed(method, second.error)
}

type Outcome =
  | { readonly reply: unknown }
  /** `known`: Slack said so itself. */
  | { readonly error: string; readonly known: boolean; readonly waitMs?: number }

async function outcome(call: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { reply: await call() }
  } catch (cause) {
    const { data } = failure.safeParse(cause)
    if (data?.code === 'slack_webapi_platform_error')
      return { error: data.data?.error ?? 'not_understood', known: true }
    if (data?.code === 'slack_webapi_rate_limited_error')
      return { error: 'ratelimited', known: true, waitMs: (data.retryAfter ?? 60) * 1000 }
    return { error: 'unreachable', known: false }
  }
}
