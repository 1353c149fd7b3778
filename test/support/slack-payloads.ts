import { createHmac } from 'node:crypto'

export const TEAM = 'T0ACME'
export const APP = 'A0SLUICE'
export const SIGNING_SECRET = '8f742231b10e8888abcd99yyyzzz85a5'

type Fields = Record<string, unknown>

/** A request of Slack's, signed over its bytes. */
export function signedRequest(body: string, now: number, secret = SIGNING_SECRET): Request {
  const timestamp = String(Math.floor(now / 1000))
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')
  return new Request('https://sluice.acme.example/slack/interactivity', {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
    },
    body,
  })
}

/** A body as Slack encodes a payload. */
export function payloadBody(payload: unknown): string {
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
}

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export function pressPayload(
  message: {
    readonly channel: string
    readonly ts: string
    readonly text: string
    readonly blocks: readonly Fields[]
  },
  action: string,
  {
    user,
    triggerId,
    actionTs,
    responseUrl,
  }: {
    readonly user: string
    readonly triggerId: string
    readonly actionTs: string
    readonly responseUrl: string
  },
): Fields {
  const { channel, ts, text, blocks } = message
  const pressed = blocks
    .flatMap((block) => (block['type'] === 'actions' ? buttonsOf(block) : []))
    .find((button) => button['action_id'] === action)
  if (pressed === undefined) throw new Error(`no button \`${action}\``)
  const { confirm: _, ...button } = pressed
  return {
    type: 'block_actions',
    ...from(user),
    container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: false },
    trigger_id: triggerId,
    channel: { id: channel, name: 'privacy-office' },
    message: { type: 'message', bot_id: 'B0SLUICE', text, ts, blocks },
    state: { values: {} },
    response_url: responseUrl,
    actions: [{ ...button, action_ts: actionTs }],
  }
}

/** https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
export function submitPayload(
  open: { readonly id: string; readonly view: Fields },
  values: Readonly<Record<string, Readonly<Record<string, string>>>>,
  { user, triggerId }: { readonly user: string; readonly triggerId: string },
): Fields {
  const state = Object.entries(values).map(([block, inputs]) => [
    block,
    Object.fromEntries(
      Object.entries(inputs).map(([input, value]) => [input, { type: 'plain_text_input', value }]),
    ),
  ])
  return {
    type: 'view_submission',
    ...from(user),
    trigger_id: triggerId,
    view: {
      ...open.view,
      id: open.id,
      team_id: TEAM,
      app_id: APP,
      app_installed_team_id: TEAM,
      bot_id: 'B0SLUICE',
      hash: '1.abc',
      root_view_id: open.id,
      previous_view_id: null,
      state: { values: Object.fromEntries(state) },
    },
    response_urls: [],
  }
}

function buttonsOf(block: Fields): readonly Fields[] {
  return (block['elements'] as readonly Fields[]).map((button) => ({
    ...button,
    block_id: block['block_id'],
  }))
}

function from(user: string): Fields {
  return {
    user: { id: user, username: user.toLowerCase(), name: user.toLowerCase(), team_id: TEAM },
    api_app_id: APP,
    token: 'verification-tokens-are-deprecated',
    team: { id: TEAM, domain: 'acme' },
    enterprise: null,
    is_enterprise_install: false,
  }
}
