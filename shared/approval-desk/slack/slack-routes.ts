import type { KeyObject } from 'node:crypto'

import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'

import type { SlackWeb } from '../../approval/slack-web.ts'
import type { Clock } from '../../kernel/clock.ts'
import { unreachable } from '../../kernel/unreachable.ts'
import type { SlackTerms } from '../../policy/approval-terms.ts'
import { type CastFromSlack, castFromSlack } from './cast-from-slack.ts'
import { REASON_BLOCK, SHORTEST_REASON, denyView } from './deny-view.ts'
import { type Interaction, type InteractionProblem, parseInteraction } from './interaction.ts'
import { type SignatureProblem, slackSignatures } from './signature.ts'
import { within } from './within.ts'

export interface SlackRoutesOptions extends CastFromSlack {
  /** Of the app; more than one while it is being replaced. */
  readonly signingSecrets: readonly KeyObject[]
  /** The one workspace and app that are believed. */
  readonly terms: SlackTerms
  readonly slack: Pick<SlackWeb, 'openView' | 'whisper'>
  readonly clock: Clock
  /** Told of what was not believed, in words of ours. */
  readonly onRefused: (problem: SignatureProblem | InteractionProblem) => void
  readonly onFailure: (cause: unknown) => void
}

/** The message is in it, with its SQL, percent-encoded. */
const MAX_BODY_BYTES = 256 * 1024
/** Slack waits for 3 s. */
const SHOW_MS = 2000
const WORDS_MS = 500

/**
 * Where Slack says what people did: `POST /slack/interactivity`. Nothing is read before its signature over the bytes
 * is verified. Answers go through the Web API, never to a URL that came with the request.
 */
export function slackRoutes(options: SlackRoutesOptions): Hono {
  const { terms, slack, clock, onRefused, onFailure } = options
  const verify = slackSignatures(options.signingSecrets)
  const cast = castFromSlack(options)
  const app = new Hono()
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (c) => c.body(null, 413) }))

  app.post('/slack/interactivity', async (c) => {
    const body = new Uint8Array(await c.req.arrayBuffer())
    const timestamp = c.req.header('x-slack-request-timestamp')
    const signature = c.req.header('x-slack-signature')
    const signed = verify({ timestamp, signature, body }, clock())
    if (!signed.ok) return refused(c, signed.error, 401)
    const interaction = parseInteraction(Buffer.from(body).toString('utf8'), terms)
    if (interaction.ok) return answer(c, interaction.value)
    return refused(c, interaction.error, interaction.error === 'other-workspace' ? 403 : 400)
  })
  app.onError((cause, c) => {
    onFailure(cause)
    return c.body(null, 500)
  })
  return app

  function refused(
    c: Context,
    problem: SignatureProblem | InteractionProblem,
    status: 400 | 401 | 403,
  ): Response {
    onRefused(problem)
    return c.body(null, status)
  }

  async function answer(c: Context, interaction: Interaction): Promise<Response> {
    switch (interaction.type) {
      case 'approve': {
        const problem = await tried(cast(interaction, 'approve', ''))
        return whispered(c, interaction, problem)
      }
      case 'deny': {
        const view = denyView(interaction.about)
        const shown = within(slack.openView(interaction.triggerId, view), SHOW_MS)
        const problem = await tried(
          shown.then(() => undefined),
          NOT_SHOWN,
        )
        return whispered(c, interaction, problem)
      }
      case 'reason': {
        if (interaction.reason.length < SHORTEST_REASON)
          return inForm(c, 'say in a few words why not: whoever asks reads it')
        const problem = await tried(cast(interaction, 'deny', interaction.reason))
        return problem === undefined ? c.body(null, 200) : inForm(c, problem)
      }
      default:
        return unreachable(interaction)
    }
  }

  /** What to tell them, or undefined when it went well. */
  async function tried(
    work: Promise<string | undefined>,
    otherwise = NOT_CAST,
  ): Promise<string | undefined> {
    try {
      return await work
    } catch (cause) {
      onFailure(cause)
      return otherwise
    }
  }

  async function whispered(
    c: Context,
    { channel, user }: Extract<Interaction, { channel: string }>,
    problem: string | undefined,
  ): Promise<Response> {
    if (problem === undefined) return c.body(null, 200)
    try {
      await within(slack.whisper(channel, user, problem), WORDS_MS)
      return c.body(null, 200)
    } catch (cause) {
      onFailure(cause)
      // Slack then shows them that it did not work.
      return c.body(null, 500)
    }
  }
}

const NOT_CAST =
  'it is not known whether your vote was taken down; vote again, in a moment: it counts once'
const NOT_SHOWN = 'the form for your reason could not be shown; press Deny again'

/** https://docs.slack.dev/surfaces/modals#displaying_errors */
function inForm(c: Context, problem: string): Response {
  return c.json({ response_action: 'errors', errors: { [REASON_BLOCK]: problem } })
}
