import type { SlackBlock } from '../../approval/slack-web.ts'

/**
 * What somebody else wrote goes into messages as the text of rich text elements and plain text objects: Slack
 * shows both as they are. There is no markup in them to escape, and no fence that ``` could end.
 */
export type Inline = SlackBlock

const HEADER_LIMIT = 150

/** https://docs.slack.dev/reference/block-kit/blocks/header-block */
export function header(title: string): SlackBlock {
  return { type: 'header', text: plain(cut(title, HEADER_LIMIT)) }
}

/** https://docs.slack.dev/reference/block-kit/composition-objects/text-object */
export function plain(text: string): SlackBlock {
  return { type: 'plain_text', text, emoji: false }
}

/** For Sluice's own words only: what is in it is markup. */
export function markup(text: string): SlackBlock {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }
}

/** Small print; Sluice's own words only. */
export function smallPrint(text: string): SlackBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text, verbatim: true }] }
}

/** Lines of text. https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
export function lines(all: readonly (readonly Inline[])[]): SlackBlock {
  const elements = all.flatMap((line, i) => (i === 0 ? line : [literal('\n'), ...line]))
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }
}

/** Text in a box, in type of one width, just as it is. */
export function box(text: string): SlackBlock {
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_preformatted', elements: [literal(text)] }],
  }
}

export function literal(text: string): Inline {
  return { type: 'text', text }
}

export function bold(text: string): Inline {
  return { type: 'text', text, style: { bold: true } }
}

/** An instant in the reader's own time zone. */
export function instant(at: number): Inline {
  return { type: 'date', timestamp: seconds(at), format: DATE_FORMAT, fallback: utc(at) }
}

/** The same in markup. https://docs.slack.dev/messaging/formatting-message-text#date-formatting */
export function instantMarkup(at: number): string {
  return `<!date^${seconds(at)}^${DATE_FORMAT}|${utc(at)}>`
}

/** `2026-11-21 08:25 UTC` */
export function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** At most so many UTF-16 units, and no half of a character. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

/** https://docs.slack.dev/messaging/formatting-message-text#escaping */
export function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

const DATE_FORMAT = '{date_short_pretty} {time}'

function seconds(at: number): number {
  return Math.floor(at / 1000)
}
