import type { Grant } from '../../approval/grant.ts'
import { standingOf } from '../../approval/standing.ts'
import type { ApprovalTerms } from '../../policy/approval-terms.ts'
import { type Inline, bold, literal } from './blocks.ts'
import { nameOf, voterOf } from './said-of.ts'

const MOST_VOTES = 10

/** Lines that say whose votes it takes and whose are there. */
export function neededLines(grant: Grant): readonly (readonly Inline[])[] {
  const { votes } = standingOf(grant)
  const escalated = grant.events.some(({ type }) => type === 'escalated')
  const more = votes.length > MOST_VOTES ? ` and ${votes.length - MOST_VOTES} more` : ''
  const said = votes
    .slice(0, MOST_VOTES)
    .map(({ by, verdict }) => `${voterOf(by)}: ${verdict === 'approve' ? 'yes' : 'no'}`)
  return [
    ...grant.terms.map((terms) => [bold('Needed: '), literal(neededOf(terms, escalated))]),
    [bold('Votes so far: '), literal(said.length === 0 ? 'none' : said.join(', ') + more)],
  ]
}

function neededOf({ approvers, quorum, escalation }: ApprovalTerms, escalated: boolean): string {
  const groups = approvers.groups.map(({ group, votes }) => `${votes} of ${nameOf(group)}`)
  const who = groups.join(approvers.of === 'all' ? ' and ' : ' or ')
  const people = quorum > 1 ? `; at least ${quorum} different people` : ''
  const instead =
    escalated && escalation !== undefined
      ? `; members of ${nameOf(escalation.group)} may vote in place of any other`
      : ''
  return `${who}${people}${instead}; never whoever asks`
}
