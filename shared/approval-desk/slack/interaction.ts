import { z } from 'zod'

import { type Result, err, ok } from '../../kernel/result.ts'
import type { SlackTerms } from '../../policy/approval-terms.ts'
import { type ButtonValue, parseButtonValue, parseJson } from './button-value.ts'
import { APPROVE, DENY } from './decision-buttons.ts'
import { DENY_VIEW, LONGEST_REASON, REASON_BLOCK, REASON_INPUT } from './deny-view.ts'

/** What somebody did in Slack about a grant. `id` is the same however often Slack says it. */
export type Interaction = {
  readonly user: string
  readonly id: readonly string[]
  readonly about: ButtonValue
} & (
  | { readonly type: 'approve'; readonly channel: string }
  | { readonly type: 'deny'; readonly channel: string; readonly triggerId: string }
  | { readonly type: 'reason'; readonly reason: string }
)

export type InteractionProblem = 'malformed' | 'other-workspace' | 'not-offered'

const slackId = z.string().regex(/^[A-Z0-9]{2,32}$/)

/** Of both kinds of payload. Members that Slack adds stay behind. */
const common = {
  team: z.object({ id: slackId }).nullish(),
  user: z.object({ id: slackId, team_id: slackId.optional() }),
  api_app_id: slackId,
  is_enterprise_install: z.boolean().optional(),
}

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
const pressed = z.object({
  type: z.literal('block_actions'),
  ...common,
  trigger_id: z.string().min(1).max(200),
  container: z.object({ type: z.literal('message'), channel_id: slackId }),
  actions: z.tuple([
    z.object({
      type: z.string(),
      action_id: z.string(),
      action_ts: z.string().max(40),
      value: z.string().max(2000).optional(),
    }),
  ]),
})

/** https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
const submitted = z.object({
  type: z.literal('view_submission'),
  ...common,
  view: z.object({
    id: slackId,
    team_id: slackId,
    app_id: slackId,
    callback_id: z.string(),
    private_metadata: z.string().max(3000),
    state: z.object({
      values: z.record(z.string(), z.record(z.string(), z.object({ value: z.string().nullish() }))),
    }),
  }),
})

const payloads = z.discriminatedUnion('type', [pressed, submitted])

/**
 * Reads the body of a request that Slack signed: `payload=` and JSON, of the one workspace and app that policy
 * names, by a member of that workspace.
 */
export function parseInteraction(
  body: string,
  { team, app }: SlackTerms,
): Result<Interaction, InteractionProblem> {
  const form = [...new URLSearchParams(body)]
  const [only] = form
  if (form.length !== 1 || only?.[0] !== 'payload') return err('malformed')
  const parsed = payloads.safeParse(parseJson(only[1]))
  if (!parsed.success) return err('malformed')
  const { data } = parsed
  const teams = [
    data.team?.id,
    ...(data.user.team_id === undefined ? [] : [data.user.team_id]),
    ...(data.type === 'view_submission' ? [data.view.team_id] : []),
  ]
  const apps = [data.api_app_id, ...(data.type === 'view_submission' ? [data.view.app_id] : [])]
  if (data.is_enterprise_install === true || teams.some((each) => each !== team))
    return err('other-workspace')
  if (apps.some((each) => each !== app)) return err('other-workspace')
  return data.type === 'block_actions' ? pressOf(data) : submissionOf(data)
}

function pressOf(data: z.infer<typeof pressed>): Result<Interaction, InteractionProblem> {
  const [{ type, action_id: action, action_ts: actionTs, value }] = data.actions
  if (type !== 'button' || (action !== APPROVE && action !== DENY)) return err('not-offered')
  const about = parseButtonValue(value ?? '')
  if (about === undefined) return err('malformed')
  const user = data.user.id
  const channel = data.container.channel_id
  const triggerId = data.trigger_id
  const id = ['press', actionTs, triggerId]
  return action === APPROVE
    ? ok({ type: 'approve', user, id, about, channel })
    : ok({ type: 'deny', user, id, about, channel, triggerId })
}

function submissionOf(data: z.infer<typeof submitted>): Result<Interaction, InteractionProblem> {
  const { view } = data
  if (view.callback_id !== DENY_VIEW) return err('not-offered')
  const about = parseButtonValue(view.private_metadata)
  const reason = view.state.values[REASON_BLOCK]?.[REASON_INPUT]?.value ?? ''
  if (about === undefined || reason.length > LONGEST_REASON) return err('malformed')
  return ok({
    type: 'reason',
    user: data.user.id,
    id: ['submit', view.id],
    about,
    reason: reason.trim(),
  })
}
