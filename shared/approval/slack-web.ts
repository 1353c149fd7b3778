import type { Result } from '../kernel/result.ts'

/** A message as Slack takes it: Block Kit, and a text for notifications. */
export interface SlackMessage {
  readonly text: string
  readonly blocks: readonly SlackBlock[]
}

/** A block or a view of Block Kit. */
export type SlackBlock = Readonly<Record<string, unknown>>

/** Where a message is. */
export interface SlackPlace {
  /** Slack's id of the channel. */
  readonly channel: string
  /** Slack's id of the message in it. */
  readonly ts: string
}

/** What Slack knows of a user. */
export interface SlackUser {
  readonly id: string
  readonly team: string | undefined
  readonly email: string | undefined
  /** Whether they showed Slack that they read mail at `email`. */
  readonly emailConfirmed: boolean
  readonly deleted: boolean
  readonly bot: boolean
  /** With one channel or with several. */
  readonly guest: boolean
  /** Of another workspace, in a channel that both share. */
  readonly stranger: boolean
}

/**
 * Port. What Sluice asks of Slack. All methods reject with an error whose message says what to change, and
 * which never holds the token. After a rejection it is not known whether Slack did what it was asked.
 */
export interface SlackWeb {
  /** `channel`: id or name. Resolves with where the message is. */
  post(channel: string, message: SlackMessage): Promise<SlackPlace>
  /** `gone` when somebody deleted the message. */
  update(place: SlackPlace, message: SlackMessage): Promise<'updated' | 'gone'>
  /** Shows a view to whoever caused the trigger, at most three seconds ago. */
  openView(triggerId: string, view: SlackBlock): Promise<void>
  /** Only this user sees it, in this channel, until they leave. */
  whisper(channel: string, user: string, text: string): Promise<void>
  userInfo(user: string): Promise<Result<SlackUser, 'unknown'>>
}
