import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'

import type { DecodeMessage } from '../approval/encoded-message.ts'
import type { ApprovalMessage } from '../approval/messages.ts'
import { type Receivers, receptionOf } from '../approval/receivers.ts'
import type { VerifyPush } from '../identity/push-token.ts'
import type { Clock } from '../kernel/clock.ts'
import { believed } from './believed.ts'
import { parsePush } from './push-body.ts'

/** A message that no delivery will make better. Nothing of its content. */
export interface Poison {
  /** Undefined when not even that could be read. */
  readonly messageId: string | undefined
  readonly reason: string
}

export interface PushOptions {
  /** Of the account that Pub/Sub signs for. */
  readonly verifyPush: VerifyPush
  readonly clock: Clock
  /** Full names: `projects/P/subscriptions/S`. */
  readonly subscriptions: readonly string[]
  /** Those of the topic for what could not be delivered. */
  readonly deadLetterSubscriptions: readonly string[]
  readonly decode: DecodeMessage
  readonly receive: Receivers
  readonly deadLetter: (message: ApprovalMessage) => Promise<void>
  /** Resolves once somebody will hear of it: it is not delivered again. */
  readonly onPoison: (poison: Poison) => Promise<void>
  /** Told of who was not believed, in words of ours. */
  readonly onRefused: (problem: string) => void
  /** Told why something is to be delivered again. */
  readonly onFailure: (cause: unknown) => void
}

/** The most that Google delivers. */
const MAX_BODY_BYTES = 512 * 1024

/**
 * Where Pub/Sub pushes messages to: `POST /` and, for what was tried in vain, `POST /dead-letter`.
 * Nothing is read before the token is verified. 204 takes a message away for good; anything else
 * brings it again.
 * https://cloud.google.com/pubsub/docs/push
 */
export function pushRoutes(options: PushOptions): Hono {
  const app = new Hono()
  const first = believed(options)
  const tooLarge = bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: (c) => poisoned(c, undefined, 'the body is too large'),
  })
  app.post('/', first, tooLarge, (c) =>
    settled(c, options.subscriptions, (message) => receptionOf(options.receive, message)),
  )
  app.post('/dead-letter', first, tooLarge, (c) =>
    settled(c, options.deadLetterSubscriptions, (message) => () => options.deadLetter(message)),
  )
  app.onError((cause, c) => {
    options.onFailure(cause)
    return c.json({ error: 'failed; deliver it again' }, 500)
  })
  return app

  async function settled(
    c: Context,
    subscriptions: readonly string[],
    receptionFor: (message: ApprovalMessage) => (() => Promise<void>) | undefined,
  ): Promise<Response> {
    const push = parsePush(new Uint8Array(await c.req.arrayBuffer()))
    if (!push.ok) return poisoned(c, undefined, push.error)
    const { subscription, messageId, encoded } = push.value
    if (!subscriptions.includes(subscription)) {
      options.onRefused('other-subscription')
      return c.json({ error: 'not a subscription of this endpoint' }, 403)
    }
    const message = options.decode(encoded)
    if (!message.ok) return poisoned(c, messageId, message.error)
    const reception = receptionFor(message.value)
    if (reception === undefined) return poisoned(c, messageId, 'nobody here receives its type')
    await reception()
    return c.body(null, 204)
  }

  async function poisoned(
    c: Context,
    messageId: string | undefined,
    reason: string,
  ): Promise<Response> {
    await options.onPoison({ messageId, reason })
    return c.body(null, 204)
  }
}
