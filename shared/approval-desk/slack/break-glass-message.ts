import type { SlackMessage } from '../../approval/slack-web.ts'
import { fingerprint, notice } from './block-kit.ts'
import { box, header, lines, markup } from './blocks.ts'
import { factLines } from './facts.ts'
import { queryOf, requesterOf } from './said-of.ts'
import type { SettledView } from './settled-message.ts'
import { shownSql } from './shown-sql.ts'
import { storyLines } from './story.ts'
import { warningBlocks } from './warnings.ts'
import { whereToLook } from './where-to-look.ts'

/** The alert that somebody went ahead without a vote, and how somebody else closes the review. */
export function breakGlassMessage({ grant, consoleUrl }: SettledView): SlackMessage {
  const title = `Glass broken: ${requesterOf(grant)} runs ${queryOf(grant)} without a vote`
  const sql = shownSql(grant)
  const where = whereToLook(grant.id, consoleUrl)
  return {
    text: notice(title),
    blocks: [
      header(title),
      markup(
        `*Somebody else has to look at it and close the review:* \`sluice approvals review ${grant.id} --finding …\``,
      ),
      ...warningBlocks(grant, sql, where),
      lines(storyLines(grant)),
      lines(factLines(grant)),
      box(sql.text),
      fingerprint(grant, where),
    ],
  }
}
