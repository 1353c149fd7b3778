import { setTimeout as wait } from 'node:timers/promises'

import type { EncodedMessage } from '../../approval/encoded-message.ts'
import type { ApprovalMessage, Publish } from '../../approval/messages.ts'
import { type Receivers, receptionOf } from '../../approval/receivers.ts'
import { decodeMessage, encodeMessage } from '../message-codec.ts'
import { withTimeout } from '../secret-manager/with-timeout.ts'

export interface InProcessQueueOptions {
  readonly receive: Receivers
  /** Told of what was tried in vain, until it says that it knows. */
  readonly deadLetter: (message: ApprovalMessage) => Promise<void>
  /** Told of every delivery that failed. */
  readonly onFailure: (cause: unknown) => void
  /** Before a message is delivered again. Default 1 s, and twice as long each time. */
  readonly firstBackoffMs?: number
  /** A delivery that takes longer counts as failed, and goes on unheard. Default 60 s. */
  readonly ackDeadlineMs?: number
}

export interface InProcessQueue {
  readonly publish: Publish
  /** Delivers nothing more, and resolves when nothing is being delivered. What still waited is gone. */
  close(): Promise<void>
}

/** The fewest that Pub/Sub can be told to try. */
const TRIES = 5
const LONGEST_BACKOFF_MS = 60_000

/**
 * Pub/Sub's contract within one process: at least once, in no order, five tries and then the dead
 * letters. It remembers nothing over a restart: whatever a grant still waits for is published again
 * by the sweep.
 */
export function inProcessQueue(options: InProcessQueueOptions): InProcessQueue {
  const { firstBackoffMs = 1_000, ackDeadlineMs = 60_000 } = options
  const closing = new AbortController()
  const underWay = new Set<Promise<void>>()

  /** Whether it went well. */
  const attempt = async (work: () => Promise<void>): Promise<boolean> => {
    try {
      await withTimeout(work(), ackDeadlineMs)
      return true
    } catch (cause) {
      options.onFailure(cause)
      return false
    }
  }

  /** Tries until it goes well, at most so often; false if it never did. */
  const persist = async (work: () => Promise<void>, tries: number): Promise<boolean> => {
    for (let n = 0; n < tries; n++) {
      const backoffMs = n === 0 ? 0 : Math.min(firstBackoffMs * 2 ** (n - 1), LONGEST_BACKOFF_MS)
      await wait(backoffMs, undefined, { signal: closing.signal })
      if (await attempt(work)) return true
    }
    return false
  }

  const deliver = async (encoded: EncodedMessage): Promise<void> => {
    try {
      if (await persist(() => receive(options.receive, encoded), TRIES)) return
      await persist(() => options.deadLetter(decoded(encoded)), Infinity)
    } catch (cause) {
      if (!closing.signal.aborted) throw cause
    }
  }

  return {
    publish: async (message) => {
      if (closing.signal.aborted) throw new Error('the queue is closed')
      // Whoever receives it gets what would have come over the wire, and a copy each time.
      const delivery = deliver(encodeMessage(message)).finally(() => underWay.delete(delivery))
      underWay.add(delivery)
    },
    close: async () => {
      closing.abort()
      await Promise.all(underWay)
    },
  }
}

/** A type without a receiver is a mistake in the wiring, and ends among the dead letters. */
async function receive(receivers: Receivers, encoded: EncodedMessage): Promise<void> {
  const message = decoded(encoded)
  const reception = receptionOf(receivers, message)
  if (reception === undefined) throw new Error(`nobody receives \`${message.type}\``)
  await reception()
}

function decoded(encoded: EncodedMessage): ApprovalMessage {
  const message = decodeMessage(encoded)
  if (!message.ok) throw new Error(message.error)
  return message.value
}
