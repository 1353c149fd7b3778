import type { Message, Subscription } from '@google-cloud/pubsub'

import type { ApprovalMessage } from '../../approval/messages.ts'
import { type Receivers, receptionOf } from '../../approval/receivers.ts'
import { decodeMessage } from '../message-codec.ts'

export interface PubSubPullerOptions {
  readonly projectId: string
  /** Ids of topics; each is made with a subscription of the same id when it is missing. */
  readonly topics: readonly string[]
  readonly receive: Receivers
  /** Told of what nobody can read, and of deliveries that failed. */
  readonly onFailure: (cause: unknown) => void
}

/**
 * Receives messages by pulling them, for a process that nobody can push to: the local stack. Resolves once it
 * listens. What fails is delivered again.
 */
export async function pubSubPuller(
  options: PubSubPullerOptions,
): Promise<{ close(): Promise<void> }> {
  // A CommonJS module: the bundler and Node agree on its `default` only.
  const { PubSub } = (await import('@google-cloud/pubsub')).default
  const client = new PubSub({ projectId: options.projectId })
  if (!client.isEmulator) await client.auth.getClient()
  const underWay = new Set<Promise<void>>()
  const subscriptions: Subscription[] = []
  for (const name of options.topics) {
    // oxlint-disable-next-line no-await-in-loop -- two of them, once
    const [topic] = await client.topic(name).get({ autoCreate: true })
    // oxlint-disable-next-line no-await-in-loop
    const [subscription] = await topic.subscription(name).get({ autoCreate: true })
    subscription.on('error', options.onFailure)
    subscription.on('message', (message: Message) => {
      const delivery = deliver(options, message).finally(() => underWay.delete(delivery))
      underWay.add(delivery)
    })
    subscriptions.push(subscription)
  }
  return {
    close: async () => {
      await Promise.all(subscriptions.map((subscription) => subscription.close()))
      await Promise.all(underWay)
      await client.close()
    },
  }
}

async function deliver(
  { receive, onFailure }: PubSubPullerOptions,
  message: Message,
): Promise<void> {
  const decoded = decodeMessage({ attributes: message.attributes, data: message.data })
  try {
    if (!decoded.ok) throw new Error(decoded.error)
    await received(receive, decoded.value)
    message.ack()
  } catch (cause) {
    onFailure(cause)
    // What nobody can read will not get better.
    if (decoded.ok) message.nack()
    else message.ack()
  }
}

async function received(receive: Receivers, message: ApprovalMessage): Promise<void> {
  const reception = receptionOf(receive, message)
  if (reception === undefined) throw new Error(`nobody receives \`${message.type}\``)
  await reception()
}
