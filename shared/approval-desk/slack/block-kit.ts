import type { Grant } from '../../approval/grant.ts'
import type { SlackBlock, SlackMessage } from '../../approval/slack-web.ts'
import {
  box,
  cut,
  escapeMarkup,
  header,
  instantMarkup,
  lines,
  markup,
  smallPrint,
  utc,
} from './blocks.ts'
import { decisionButtons } from './decision-buttons.ts'
import { factLines } from './facts.ts'
import { neededLines } from './needed.ts'
import { queryOf, requesterOf } from './said-of.ts'
import { shownSql } from './shown-sql.ts'
import { cutNotice, warningBlocks } from './warnings.ts'
import { whereToLook } from './where-to-look.ts'

const NOTICE_LIMIT = 300

export interface ApprovalView {
  readonly grant: Grant
  readonly news: 'asked' | 'reminder' | 'escalation'
  /** Where the console is; undefined where there is none. */
  readonly consoleUrl: string | undefined
}

/**
 * The message that asks people to decide. Whoever has ten seconds reads from the top: who wants what, on which data,
 * at what cost, why, and until when; then the SQL.
 */
export function approvalMessage({ grant, news, consoleUrl }: ApprovalView): SlackMessage {
  const sql = shownSql(grant)
  const title = `${prefixes[news]}${requesterOf(grant)} asks to run ${queryOf(grant)}`
  const where = whereToLook(grant.id, consoleUrl)
  return {
    text: notice(`${title}: decide by ${utc(grant.expiresAt)}`),
    blocks: [
      header(title),
      ...warningBlocks(grant, sql, where),
      lines(factLines(grant)),
      markup(`*Until:* ${instantMarkup(grant.expiresAt)}; undecided by then, it expires`),
      lines(neededLines(grant)),
      box(sql.text),
      ...(sql.shown < sql.total ? [markup(`*${cutNotice(sql)}* The rest: ${where}`)] : []),
      decisionButtons(grant, sql),
      fingerprint(grant, where),
    ],
  }
}

const prefixes = {
  asked: '',
  reminder: 'Still waiting: ',
  escalation: 'Escalated to you: ',
} as const

/** What phones show. Escaped, because Slack reads this text as markup. */
export function notice(text: string): string {
  return escapeMarkup(cut(text, NOTICE_LIMIT))
}

/** What names the request for good, in small print. */
export function fingerprint({ id, digest }: Grant, where: string): SlackBlock {
  return smallPrint(
    `Digest *${digest.slice(0, 12)}* (${digest}) · request ${id} · all of it: ${where}`,
  )
}
