import { createSecretKey } from 'node:crypto'

import type { Hono } from 'hono'

import { registered } from '../../shared/adapters/registers/registered.ts'
import { Redacted } from '../../shared/adapters/secret-manager/redacted.ts'
import { slackWeb } from '../../shared/adapters/slack/slack-web.ts'
import { foresee } from '../../shared/approval-desk/slack/foresee.ts'
import { slackAnnouncer } from '../../shared/approval-desk/slack/slack-announcer.ts'
import {
  type SlackRoutesOptions,
  slackRoutes,
} from '../../shared/approval-desk/slack/slack-routes.ts'
import { whoIs } from '../../shared/approval-desk/slack/who-is.ts'
import type { Announce } from '../../shared/approval/announce.ts'
import type { Grant } from '../../shared/approval/grant.ts'
import type { ApprovalMessage, VoteCast } from '../../shared/approval/messages.ts'
import type { PeopleSeen } from '../../shared/approval/people-seen.ts'
import type { SlackMessages } from '../../shared/approval/slack-messages.ts'
import type { SlackWeb } from '../../shared/approval/slack-web.ts'
import type { KnownPerson } from '../../shared/policy/approval-terms.ts'
import { memoryRegisters } from './memory-registers.ts'
import { ASKED_AT, slackGrant } from './slack-grant.ts'
import { APP, SIGNING_SECRET, TEAM } from './slack-payloads.ts'
import { BOT_TOKEN, type SlackStandIn, startSlackStandIn } from './slack-stand-in.ts'

export interface SlackDesk {
  readonly stand: SlackStandIn
  readonly slack: SlackWeb
  readonly app: Hono
  readonly announce: Announce
  readonly peopleSeen: PeopleSeen
  readonly slackMessages: SlackMessages
  /** As the store has them. */
  readonly grants: Map<string, Grant>
  readonly published: VoteCast[]
  readonly refused: string[]
  readonly failures: unknown[]
  /** Epoch milliseconds. */
  now: number
  publishing: (message: ApprovalMessage) => Promise<void>
  close(): Promise<void>
}

/** Everything about Slack on a stand-in, with memory behind the other ports. */
export async function slackDesk(
  people: readonly KnownPerson[] = [],
  standIn: Parameters<typeof startSlackStandIn>[0] = {},
  routes: Partial<SlackRoutesOptions> = {},
): Promise<SlackDesk> {
  const stand = await startSlackStandIn(standIn)
  const { peopleSeen, slackMessages } = registered(memoryRegisters())
  const slack = slackWeb({ token: new Redacted(BOT_TOKEN), apiUrl: stand.apiUrl })
  const clock = () => desk.now
  const terms = { team: TEAM, app: APP }
  const options = {
    signingSecrets: [createSecretKey(Buffer.from(SIGNING_SECRET))],
    terms,
    slack,
    clock,
    whoIs: whoIs({ people, team: TEAM, slack, peopleSeen, clock }),
    foresee: foresee({ find: async (id) => desk.grants.get(id), people, peopleSeen, clock }),
    publish: (message: ApprovalMessage) => desk.publishing(message),
    onRefused: (problem: string) => void desk.refused.push(problem),
    onFailure: (cause: unknown) => void desk.failures.push(cause),
    ...routes,
  }
  const desk: SlackDesk = {
    stand,
    slack,
    app: slackRoutes(options),
    announce: slackAnnouncer({
      slack,
      messages: slackMessages,
      find: async (id) => desk.grants.get(id),
      clock,
      consoleUrl: undefined,
    }),
    peopleSeen,
    slackMessages,
    grants: new Map(),
    published: [],
    refused: [],
    failures: [],
    now: ASKED_AT,
    publishing: async (message) => {
      if (message.type === 'dev.sluice.approval.vote') desk.published.push(message)
    },
    close: () => stand.close(),
  }
  return desk
}

/** Somebody asked, and the channel was told. */
export async function asked(desk: SlackDesk): Promise<void> {
  const grant = slackGrant()
  desk.grants.set(grant.id, grant)
  await desk.announce.tell(grant, 'asked')
}

/** Pia of the privacy office came to Sluice a minute ago, and is a full member of the workspace. */
export async function piaIsSeen(desk: SlackDesk, minutesAgo = 1): Promise<void> {
  desk.stand.users.set('U0PIA', { profile: { email: 'Pia@acme.example' } })
  const issuer = 'https://id.acme.example'
  const person = { issuer, subject: 'pia', groups: ['privacy-office'], actors: [] }
  await desk.peopleSeen.saw(
    { ...person, email: 'pia@acme.example' },
    desk.now - minutesAgo * 60_000,
  )
}
