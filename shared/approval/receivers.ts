import { unreachable } from '../kernel/unreachable.ts'
import type { ApprovalMessage, Receive } from './messages.ts'

/** Who receives what; a type that is not named is not received here. */
export type Receivers = {
  readonly [M in ApprovalMessage as M['type']]?: Receive<M>
}

/** How `message` reaches its receiver; undefined when it has none. */
export function receptionOf(
  receivers: Receivers,
  message: ApprovalMessage,
): (() => Promise<void>) | undefined {
  switch (message.type) {
    case 'dev.sluice.approval.requested': {
      const receive = receivers[message.type]
      return receive && (() => receive(message))
    }
    case 'dev.sluice.approval.vote': {
      const receive = receivers[message.type]
      return receive && (() => receive(message))
    }
    default:
      return unreachable(message)
  }
}
