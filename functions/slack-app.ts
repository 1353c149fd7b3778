import { createSecretKey } from 'node:crypto'

import type { ReadSecret } from '../shared/adapters/secret-manager/secret-manager-reader.ts'
import { foresee } from '../shared/approval-desk/slack/foresee.ts'
import { slackRoutes } from '../shared/approval-desk/slack/slack-routes.ts'
import { whoIs } from '../shared/approval-desk/slack/who-is.ts'
import type { Grants } from '../shared/approval/grants.ts'
import type { Publish } from '../shared/approval/messages.ts'
import type { PeopleSeen } from '../shared/approval/people-seen.ts'
import type { SlackWeb } from '../shared/approval/slack-web.ts'
import type { Clock } from '../shared/kernel/clock.ts'
import type { Policy } from '../shared/policy/policy.ts'
import { secretText } from './announcer.ts'
import { failureFields, log, logSeldom } from './log.ts'
import type { Settings } from './settings.ts'

/** What Slack calls, under some policy. */
export type SlackApp = (policy: Policy) => Fetch | undefined

type Fetch = (request: Request) => Response | Promise<Response>

/**
 * The endpoint for Slack's buttons, for each policy that names a workspace; undefined without a signing secret. Rejects
 * when the secret cannot be read.
 */
export async function slackAppIn(
  settings: Settings,
  parts: {
    readonly readSecret: ReadSecret
    readonly slack: SlackWeb | undefined
    readonly peopleSeen: PeopleSeen
    readonly grants: Pick<Grants, 'find'>
    readonly publish: Publish
    readonly clock: Clock
  },
): Promise<SlackApp | undefined> {
  const { readSecret, slack, peopleSeen, grants, publish, clock } = parts
  const find: Grants['find'] = (id) => grants.find(id)
  const { signingSecret } = settings.slack
  if (signingSecret === undefined || slack === undefined) return undefined
  const text = await secretText(signingSecret, readSecret)
  const signingSecrets = [createSecretKey(Buffer.from(text.reveal()))]
  const onRefused = logSeldom('a request that Slack did not send', clock)
  return ({ slack: terms, people }) => {
    if (terms === undefined) return undefined
    const app = slackRoutes({
      signingSecrets,
      terms,
      whoIs: whoIs({ people, team: terms.team, slack, peopleSeen, clock }),
      foresee: foresee({ find, people, peopleSeen, clock }),
      publish,
      slack,
      clock,
      onRefused,
      onFailure: (cause) => log('ERROR', 'a request of Slack failed', failureFields(cause)),
    })
    return (request) => app.fetch(request)
  }
}
