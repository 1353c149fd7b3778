import { createHash } from 'node:crypto'

import type { Vote } from '../../approval/grant.ts'
import type { Publish } from '../../approval/messages.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { SlackTerms } from '../../policy/approval-terms.ts'
import type { Foreseen, foresee } from './foresee.ts'
import type { Interaction } from './interaction.ts'
import { type WhoIs, whoIsWords } from './who-is.ts'
import { within } from './within.ts'

export interface CastFromSlack {
  readonly terms: SlackTerms
  readonly whoIs: WhoIs
  readonly foresee: ReturnType<typeof foresee>
  readonly publish: Publish
  readonly clock: Clock
}

/** Slack waits for 3 s, and whoever pressed the button wants to know. */
const WHO_IS_MS = 1000
const FORESEE_MS = 400
const PUBLISH_MS = 900

/**
 * Publishes the vote of whoever did something in Slack. Resolves with what to tell them when it is no vote. The vote
 * names the digest that they were shown; whether it is the grant's, and whether they may vote, is for the resolver to say.
 */
export function castFromSlack({
  terms,
  whoIs,
  foresee: look,
  publish,
  clock,
}: CastFromSlack): (
  interaction: Interaction,
  verdict: Vote['verdict'],
  reason: string,
) => Promise<string | undefined> {
  return async ({ user, id: parts, about }, verdict, reason) => {
    // Apart, so that nothing is published for somebody who was told that it was not.
    const by = await within(whoIs(user), WHO_IS_MS)
    if (!by.ok) return `your vote does not count: ${whoIsWords[by.error]}`
    const id = createHash('sha256')
      .update(canonicalJson(['slack', terms.team, user, about.grant, verdict, ...parts]))
      .digest('hex')
    const { grant, digest } = about
    const vote: Vote = { id, by: by.value, verdict, reason, digest, box: undefined }
    const foreseen = await within(look(grant, vote), FORESEE_MS).catch(() => UNFORESEEN)
    if (foreseen.grant === 'unknown')
      return 'your vote does not count: Sluice knows no such request'
    // Also one that will not count: that somebody tried belongs on the record.
    const message = { type: 'dev.sluice.approval.vote', id, at: clock(), grant, vote } as const
    await within(publish(message), PUBLISH_MS)
    return foreseen.problem && `your vote does not count: ${foreseen.problem}`
  }
}

/** The store may work again when the vote is settled. */
const UNFORESEEN: Foreseen = { grant: 'known', problem: undefined }
