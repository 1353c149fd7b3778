import type { Announce } from '../../approval/announce.ts'
import type { Grant } from '../../approval/grant.ts'
import type { Grants } from '../../approval/grants.ts'
import type { ApprovalRequested } from '../../approval/messages.ts'
import type { SlackMessages } from '../../approval/slack-messages.ts'
import type { SlackMessage, SlackWeb } from '../../approval/slack-web.ts'
import { standingOf } from '../../approval/standing.ts'
import type { Clock } from '../../kernel/clock.ts'
import { approvalMessage } from './block-kit.ts'
import { breakGlassMessage } from './break-glass-message.ts'
import { settledMessage } from './settled-message.ts'

export interface SlackAnnouncerOptions {
  readonly slack: Pick<SlackWeb, 'post' | 'update'>
  readonly messages: SlackMessages
  readonly find: Grants['find']
  readonly clock: Clock
  /** Where the console is; undefined where there is none. */
  readonly consoleUrl: string | undefined
}

type News = ApprovalRequested['news']

/**
 * `Announce` in the Slack channels that a grant's terms name. Whoever dies between posting a message and noting
 * it, or is not told by Slack that it was posted, leaves one that nobody updates, and it is posted again: whoever
 * presses a button on the first finds the grant settled.
 */
export function slackAnnouncer(options: SlackAnnouncerOptions): Announce {
  const { messages, clock, slack } = options
  return {
    tell: async (told, news) => {
      const grant = (await options.find(told.id)) ?? told
      if (!isNews(grant, news)) return
      const posts = channelsFor(grant, news).map((channel) => post(grant, news, channel))
      await allOf(posts)
    },
    settled: (grant) => show(grant),
  }

  async function post(grant: Grant, news: News, channel: string): Promise<void> {
    const about = aboutOf(grant, news, channel)
    const claim = await messages.claim(grant.id, about, clock())
    if (claim === 'posted') return
    // Should they die, somebody has to come back for it.
    if (claim === 'under-way') throw new Error('somebody else is about to tell people in Slack')
    try {
      const place = await slack.post(channel, messageOf(grant, news))
      await messages.posted(grant.id, about, place, clock())
    } catch (cause) {
      await messages.release(grant.id, about, clock())
      throw cause
    }
    // It may have been settled meanwhile, and whoever settled it did not know of this message.
    const now = await options.find(grant.id)
    if (now !== undefined && now.events.length > grant.events.length) await show(now)
  }

  /** Updates every message, again if the grant changed meanwhile: the last one to write has seen the last event. */
  async function show(told: Grant): Promise<void> {
    const grant = (await options.find(told.id)) ?? told
    const all = await messages.of(grant.id)
    await allOf(
      all.map(async ({ about, place }) => {
        await slack.update(place, messageOf(grant, newsOf(about)))
      }),
    )
    const now = await options.find(grant.id)
    if (now !== undefined && now.events.length > grant.events.length) await show(now)
  }

  function messageOf(grant: Grant, news: News): SlackMessage {
    const view = { grant, consoleUrl: options.consoleUrl }
    const { state, reviewOpen } = standingOf(grant)
    if (news === 'broke-glass') return reviewOpen ? breakGlassMessage(view) : settledMessage(view)
    return state === 'approval-awaited' ? approvalMessage({ ...view, news }) : settledMessage(view)
  }
}

/** Whether there is still a reason to tell it. */
function isNews(grant: Grant, news: News): boolean {
  return news === 'broke-glass' || standingOf(grant).state === 'approval-awaited'
}

function channelsFor({ terms }: Grant, news: News): readonly string[] {
  const channels = terms.map(({ slackChannel, escalation }) =>
    news === 'escalation' && escalation !== undefined
      ? (escalation.slackChannel ?? slackChannel)
      : slackChannel,
  )
  return [...new Set(channels.filter((channel) => channel !== undefined))]
}

/** What is told, and where; of reminders, each is one. */
function aboutOf(grant: Grant, news: News, channel: string): string {
  const reminders = grant.events.filter(({ type }) => type === 'reminded')
  const number = news === 'reminder' ? reminders.length : 0
  return [news, number, channel].join(' ')
}

function newsOf(about: string): News {
  const [news] = about.split(' ')
  switch (news) {
    case 'reminder':
    case 'escalation':
    case 'broke-glass':
      return news
    case undefined:
    default:
      return 'asked'
  }
}

/** Waits for all, also when one goes wrong; then rejects. */
async function allOf(work: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).filter((each) => each.status === 'rejected')
  const [first] = failed
  if (first !== undefined) throw first.reason
}
