import type { Grant } from '../../approval/grant.ts'
import type { SlackBlock } from '../../approval/slack-web.ts'
import type { VisibleText } from '../visible-text.ts'
import { cut, plain } from './blocks.ts'
import { encodeButtonValue } from './button-value.ts'
import { queryOf, requesterOf } from './said-of.ts'
import { cutNotice } from './warnings.ts'

export const APPROVE = 'sluice_approve'
export const DENY = 'sluice_deny'

const CONFIRM_LIMIT = 300

/** Yes, which asks once more, and no, which asks for a reason. */
export function decisionButtons(grant: Grant, sql: VisibleText): SlackBlock {
  const value = encodeButtonValue({ grant: grant.id, digest: grant.digest })
  const unread = sql.shown < sql.total ? ` ${cutNotice(sql)}` : ''
  const tail = `.${unread} What runs is exactly digest ${grant.digest.slice(0, 12)}, once.`
  const head = `${requesterOf(grant)} runs ${queryOf(grant)}`
  return {
    type: 'actions',
    block_id: 'sluice_decision',
    elements: [
      {
        type: 'button',
        action_id: APPROVE,
        style: 'primary',
        text: plain('Approve'),
        value,
        confirm: {
          title: plain('Approve this query?'),
          text: plain(cut(head, CONFIRM_LIMIT - tail.length) + tail),
          confirm: plain('Approve'),
          deny: plain('Not yet'),
        },
      },
      { type: 'button', action_id: DENY, style: 'danger', text: plain('Deny'), value },
    ],
  }
}
