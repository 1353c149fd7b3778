import type { SlackBlock } from '../../approval/slack-web.ts'
import { plain } from './blocks.ts'
import { type ButtonValue, encodeButtonValue } from './button-value.ts'

export const DENY_VIEW = 'sluice_deny_reason'
/** Where the reason is in the form; problems are shown there. */
export const REASON_BLOCK = 'sluice_reason'
export const REASON_INPUT = 'sluice_reason_text'
export const SHORTEST_REASON = 3
export const LONGEST_REASON = 1000

/** The form that asks for the reason of a no. https://docs.slack.dev/reference/views/modal-views */
export function denyView(value: ButtonValue): SlackBlock {
  return {
    type: 'modal',
    callback_id: DENY_VIEW,
    private_metadata: encodeButtonValue(value),
    title: plain('Deny this query'),
    submit: plain('Deny'),
    close: plain('Cancel'),
    blocks: [
      {
        type: 'input',
        block_id: REASON_BLOCK,
        label: plain('Why not? Whoever asks reads this.'),
        element: {
          type: 'plain_text_input',
          action_id: REASON_INPUT,
          multiline: true,
          min_length: SHORTEST_REASON,
          max_length: LONGEST_REASON,
        },
      },
      {
        type: 'context',
        elements: [
          plain(`A no is final. Request ${value.grant}, digest ${value.digest.slice(0, 12)}.`),
        ],
      },
    ],
  }
}
