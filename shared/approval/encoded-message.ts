import type { Result } from '../kernel/result.ts'
import type { ApprovalMessage } from './messages.ts'

/** A message on its way: a CloudEvent 1.0 in Pub/Sub's terms. */
export interface EncodedMessage {
  readonly attributes: Readonly<Record<string, string>>
  readonly data: Uint8Array
}

/** Port. The message, if all of it is understood; else why not, in words that quote nothing. */
export type DecodeMessage = (encoded: EncodedMessage) => Result<ApprovalMessage, string>
