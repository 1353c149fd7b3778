import type { Topic } from '@google-cloud/pubsub'

import type { EncodedMessage } from '../../approval/encoded-message.ts'
import type { ApprovalMessage, Publish } from '../../approval/messages.ts'
import { encodeMessage } from '../message-codec.ts'
import { withTimeout } from '../secret-manager/with-timeout.ts'

export interface PubSubPublisherOptions {
  readonly projectId: string
  /** Where messages of each type go: the id of a topic of that project. */
  readonly topics: Readonly<Record<ApprovalMessage['type'], string>>
  /** Longest that `publish` takes. Default 5 s. */
  readonly timeoutMs?: number
}

export interface PubSubPublisher {
  readonly publish: Publish
  close(): Promise<void>
}

/**
 * `Publish` on Pub/Sub, with the credentials of the machine; on the emulator that
 * `PUBSUB_EMULATOR_HOST` names, if there is one. Nothing is loaded or connected before the first message.
 */
export function pubSubPublisher(options: PubSubPublisherOptions): PubSubPublisher {
  const { projectId, timeoutMs = 5_000 } = options
  let client: Promise<Client> | undefined
  let closed = false

  const send = async (name: string, { attributes, data }: EncodedMessage): Promise<void> => {
    client ??= connect(projectId, timeoutMs)
    const current = client
    try {
      const topic = (await current).topicOf(name)
      await topic.publishMessage({ attributes: { ...attributes }, data: Buffer.from(data) })
    } catch (cause) {
      // A client that could not sign in says so for ever; another may.
      if (grpcStatus(cause) === undefined && client === current) {
        client = undefined
        await current.then((failed) => failed.close(), ignore)
      }
      throw cause
    }
  }

  return {
    publish: async (message) => {
      if (closed) throw new Error('the publisher is closed')
      const name = options.topics[message.type]
      const sending = send(name, encodeMessage(message))
      await withTimeout(sending, timeoutMs).catch((cause: unknown) => {
        const status = grpcStatus(cause)
        const why = status === undefined ? 'no answer' : `gRPC status ${status}`
        // Without the cause: the client's errors carry requests, and those of its sign-in credentials.
        throw new Error(`not published to \`${name}\`: ${why}`)
      })
    },
    close: async () => {
      closed = true
      await client?.then((last) => last.close(), ignore)
    },
  }
}

interface Client {
  topicOf(name: string): Topic
  /** Never rejects. */
  close(): Promise<void>
}

/** Loading takes a fifth of a second. */
async function connect(projectId: string, timeoutMs: number): Promise<Client> {
  // A CommonJS module: the bundler and Node agree on its `default` only.
  const { PubSub } = (await import('@google-cloud/pubsub')).default
  const client = new PubSub({ projectId })
  // Left to itself it ends the whole process when it cannot sign in: nobody catches that there.
  if (!client.isEmulator) await client.auth.getClient()
  const topics = new Map<string, Topic>()
  return {
    topicOf: (name) => {
      const topic =
        topics.get(name) ??
        client.topic(name, {
          // By itself it would wait 10 ms for another message.
          batching: { maxMessages: 1 },
          gaxOpts: { retry: { backoffSettings: triesWithin(timeoutMs) } },
        })
      topics.set(name, topic)
      return topic
    },
    close: () => client.close().catch(ignore),
  }
}

/** By itself it would try for ten minutes, with ever longer breaks: the caller had long gone. */
function triesWithin(timeoutMs: number) {
  return {
    initialRetryDelayMillis: 100,
    retryDelayMultiplier: 2,
    maxRetryDelayMillis: 500,
    initialRpcTimeoutMillis: timeoutMs,
    rpcTimeoutMultiplier: 1,
    maxRpcTimeoutMillis: timeoutMs,
    totalTimeoutMillis: timeoutMs,
  }
}

/** https://grpc.io/docs/guides/status-codes/ */
const HIGHEST_STATUS = 16

function grpcStatus(cause: unknown): number | undefined {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return undefined
  const { code } = cause
  return typeof code === 'number' && code <= HIGHEST_STATUS ? code : undefined
}

const ignore = (): void => {}
