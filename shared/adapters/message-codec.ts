import type { z } from 'zod'

import type { DecodeMessage, EncodedMessage } from '../approval/encoded-message.ts'
import { parseGrantId } from '../approval/grant-id.ts'
import type { ApprovalMessage } from '../approval/messages.ts'
import { parseStrictJson } from '../bigquery/strict-json.ts'
import { canonicalJson } from '../kernel/canonical-json.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import { unreachable } from '../kernel/unreachable.ts'
import { envelope, vote, requested } from './message-schema.ts'

/** Push makes base64 of it in JSON, and Google delivers at most 512 kB. */
const MAX_DATA_BYTES = 256 * 1024

/** Pub/Sub adds these to a message that it gave up delivering. */
const DEAD_LETTER_ATTRIBUTE = /^CloudPubSubDeadLetterSource[A-Za-z]+$/

/**
 * A message as a CloudEvent 1.0: the envelope in attributes, the rest as JSON. Throws for a message
 * that would not be understood, or is too large to travel: better no vote than one that is lost.
 * https://github.com/googleapis/google-cloudevents/blob/main/docs/spec/pubsub.md
 */
export function encodeMessage(message: ApprovalMessage): EncodedMessage {
  const encoded = {
    attributes: {
      'ce-specversion': '1.0',
      'ce-id': message.id,
      'ce-type': message.type,
      'ce-source': '/sluice',
      'ce-time': new Date(message.at).toISOString(),
      'ce-subject': message.grant,
      'content-type': 'application/json',
    },
    data: Buffer.from(canonicalJson(payloadOf(message))),
  }
  const understood = decodeMessage(encoded)
  if (!understood.ok) throw new Error(`a message that nobody would believe: ${understood.error}`)
  return encoded
}

/** The message that `encodeMessage` was given. Attacker-controlled: whoever may publish writes it. */
export const decodeMessage: DecodeMessage = ({ attributes, data }) => {
  if (data.length > MAX_DATA_BYTES) return err('the data is too large')
  const ours = Object.entries(attributes).filter(([name]) => !DEAD_LETTER_ATTRIBUTE.test(name))
  const around = envelope.safeParse(Object.fromEntries(ours))
  if (!around.success) return err('the attributes are not those of a message of ours')
  const json = parseStrictJson(data)
  if (!json.ok) return err('the data is not strict JSON')
  const head = around.data
  const grant = parseGrantId(head['ce-subject'])
  if (grant === undefined) return err('the subject is not the id of a grant')
  const common = { id: head['ce-id'], at: head['ce-time'], grant }
  switch (head['ce-type']) {
    case 'dev.sluice.approval.requested': {
      const type = head['ce-type']
      return payload(requested, json.value, (told) => ({ type, ...common, ...told }))
    }
    case 'dev.sluice.approval.vote': {
      const type = head['ce-type']
      return payload(vote, json.value, (cast) => ({
        type,
        ...common,
        vote: { id: common.id, ...cast },
      }))
    }
    default:
      return unreachable(head['ce-type'])
  }
}

/** What is not in the attributes. */
function payloadOf(message: ApprovalMessage): object {
  switch (message.type) {
    case 'dev.sluice.approval.requested': {
      const { news, digest, tables, estimatedBytes } = message
      return { news, digest, tables, estimatedBytes }
    }
    case 'dev.sluice.approval.vote': {
      const { id, by, verdict, reason, digest, box } = message.vote
      if (id !== message.id) throw new Error('a vote has the id of its message')
      return { by, verdict, reason, digest, box }
    }
    default:
      return unreachable(message)
  }
}

function payload<T>(
  schema: z.ZodType<T>,
  json: unknown,
  complete: (data: T) => ApprovalMessage,
): Result<ApprovalMessage, string> {
  const parsed = schema.safeParse(json)
  return parsed.success ? ok(complete(parsed.data)) : err('the data is not what its type has')
}
