/** What to change, by the error that Slack answers with. https://docs.slack.dev/reference/methods */
const remedies: Readonly<Record<string, string>> = {
  account_inactive:
    'the token belongs to an app that was removed: install it and put its new token in the secret',
  cant_update_message:
    'the message was posted with another token: use the token of the app that posts',
  channel_not_found:
    'no such channel, or a private one without the app: invite it (`/invite @app`), or name the channel by its id',
  edit_window_closed: 'the workspace lets nobody edit old messages: change its settings for apps',
  exchanged_trigger_id: 'the button was used already: press it again',
  expired_trigger_id: 'it took longer than 3 s to show the form: press the button again',
  fatal_error: 'Slack does not work right now',
  internal_error: 'Slack does not work right now',
  invalid_auth:
    'Slack does not accept the token: put the bot token (`xoxb-…`) of the app in the secret',
  invalid_trigger_id: 'the button was used already: press it again',
  is_archived: 'the channel is archived: name another one in the policy',
  missing_scope: 'the app lacks a scope: it needs chat:write, users:read and users:read.email',
  not_authed: 'there is no token: put the bot token (`xoxb-…`) of the app in the secret',
  not_in_channel: 'the app is not in the channel: invite it (`/invite @app`)',
  ratelimited: 'Slack takes no more messages for a while: they are sent later',
  restricted_action:
    'the workspace does not let apps post there: change its settings for the channel',
  token_expired: 'the token is too old: put a new one in the secret',
  token_revoked:
    'somebody revoked the token: install the app again and put its new token in the secret',
  trigger_exchanged: 'the button was used already: press it again',
  trigger_expired: 'it took longer than 3 s to show the form: press the button again',
  user_not_in_channel: 'the user left the channel',
}

/**
 * Thrown when Slack did not do what it was asked. Its words are fixed and say what to change. Has no cause,
 * which might quote a token.
 */
export class SlackFailed extends Error {
  /** Slack's own name of the error, `unreachable`, or `not_understood`. */
  readonly code: string

  constructor(method: string, code: string) {
    // Slack's names of errors are words; who answers in its place may send back what it was sent.
    const known = /^[a-z_]{1,64}$/.test(code) ? code : 'not_understood'
    super(`slack ${method}: ${known}${known in remedies ? `: ${remedies[known]}` : ''}`)
    this.name = 'SlackFailed'
    this.code = known
  }
}
