import type { Grant, GrantEvent } from '../../approval/grant.ts'
import { unreachable } from '../../kernel/unreachable.ts'
import { formatBytes } from '../bytes-and-cost.ts'
import { visibleLine } from '../visible-text.ts'
import { type Inline, bold, instant, literal } from './blocks.ts'
import { nameOf, voterOf } from './said-of.ts'

const REASON_LIMIT = 500
const MOST_LINES = 20

/** Who did what and when, a line each, oldest first. Of a long story the last lines. */
export function storyLines(grant: Grant): readonly (readonly Inline[])[] {
  const wasDenied = grant.events.some(({ type }) => type === 'denied')
  const all = grant.events.flatMap((event) => {
    // Its own line says the same, and why.
    if (wasDenied && event.type === 'voted' && event.vote.verdict === 'deny') return []
    const [what, detail] = toldOf(event)
    return what === ''
      ? []
      : [[bold(`${what} `), instant(event.at), ...(detail === '' ? [] : [literal(detail)])]]
  })
  const left = all.length - MOST_LINES
  return left > 0 ? [[literal(`${left} more before:`)], ...all.slice(-MOST_LINES)] : all
}

/** What happened, and who or why; empty for what nobody needs to know. */
function toldOf(event: GrantEvent): readonly [what: string, detail: string] {
  switch (event.type) {
    case 'asked':
      return ['Asked', '']
    case 'voted': {
      const { by, verdict, reason } = event.vote
      return [verdict === 'approve' ? 'Yes' : 'No', ` by ${voterOf(by)}${because(reason)}`]
    }
    case 'approved':
      return [
        'Approved',
        event.box === undefined ? '' : `, up to ${formatBytes(event.box.maximumBytes)}`,
      ]
    case 'denied':
      return ['Denied', ` by ${voterOf(event.by)}${because(event.reason)}`]
    case 'expired':
      return ['Expired', '']
    case 'cancelled':
      return ['Taken back', ' by whoever asked']
    case 'revoked':
      return ['Revoked', ` by ${voterOf(event.by)}${because(event.reason)}`]
    case 'started':
      return ['Started', '']
    case 'not-started':
      return ['Not started', because(event.reason)]
    case 'used':
      return ['Used', ` for up to ${formatBytes(event.bytes)}, call ${nameOf(event.call)}`]
    case 'broke-glass':
      return ['Went ahead without a vote', because(event.justification)]
    case 'reviewed':
      return ['Reviewed', ` by ${voterOf(event.by)}${because(event.finding)}`]
    case 'starting':
    case 'reminded':
    case 'escalated':
      return ['', '']
    default:
      return unreachable(event)
  }
}

function because(reason: string): string {
  return reason === '' ? '' : `: “${visibleLine(reason, REASON_LIMIT, 'words')}”`
}
