import type { Grant } from '../../approval/grant.ts'
import type { SlackMessage } from '../../approval/slack-web.ts'
import { type Standing, standingOf } from '../../approval/standing.ts'
import { unreachable } from '../../kernel/unreachable.ts'
import { notice, fingerprint } from './block-kit.ts'
import { header, lines } from './blocks.ts'
import { factLines } from './facts.ts'
import { queryOf, requesterOf } from './said-of.ts'
import { storyLines } from './story.ts'
import { whereToLook } from './where-to-look.ts'

export interface SettledView {
  readonly grant: Grant
  readonly consoleUrl: string | undefined
}

/**
 * What becomes of the message once the grant is settled: who did what and when, and nothing to press. The SQL goes
 * from the channel, whose history outlives the question; it stays on the record.
 */
export function settledMessage({ grant, consoleUrl }: SettledView): SlackMessage {
  const title = `${outcomeOf(standingOf(grant))}: ${requesterOf(grant)}, ${queryOf(grant)}`
  return {
    text: notice(title),
    blocks: [
      header(title),
      lines(storyLines(grant)),
      lines(factLines(grant)),
      fingerprint(grant, whereToLook(grant.id, consoleUrl)),
    ],
  }
}

/** How it stands, in two words. */
function outcomeOf({ settledBy, hasStarted, brokeGlass, reviewOpen, box }: Standing): string {
  if (brokeGlass !== undefined) return reviewOpen ? 'Glass broken' : 'Broken glass, reviewed'
  switch (settledBy?.type) {
    case 'approved':
    case 'broke-glass':
      if (box !== undefined) return 'Approved for a while'
      return hasStarted ? 'Approved and started' : 'Approved'
    case 'denied':
      return 'Denied'
    case 'expired':
      return box === undefined ? 'Expired' : 'Ended'
    case 'cancelled':
      return 'Taken back'
    case 'revoked':
      return 'Revoked'
    case 'not-started':
      return 'Not started'
    case undefined:
      return 'Undecided'
    default:
      return unreachable(settledBy)
  }
}
