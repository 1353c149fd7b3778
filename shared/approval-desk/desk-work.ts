import type { ApprovalMessage } from '../approval/messages.ts'
import { type Receivers, receptionOf } from '../approval/receivers.ts'
import type { Desk } from './desk.ts'
import { notifier } from './notify.ts'
import { voteResolver } from './resolve-vote.ts'
import { sweep } from './sweep.ts'

/** What is done about approvals beside the data path. */
export interface DeskWork {
  readonly receive: Receivers
  /** For what was tried in vain: again, until it goes well. A no must not get lost. */
  readonly deadLetter: (message: ApprovalMessage) => Promise<void>
  readonly sweep: () => Promise<void>
}

/** All of it, on one desk. */
export function deskWork(desk: Desk): DeskWork {
  const receive: Receivers = {
    'dev.sluice.approval.requested': notifier(desk),
    'dev.sluice.approval.vote': voteResolver(desk),
  }
  return {
    receive,
    deadLetter: async (message) => {
      await receptionOf(receive, message)?.()
    },
    sweep: async () => {
      const done = await Promise.allSettled([sweep(desk), desk.closeCalls()])
      const failed = done.find((each) => each.status === 'rejected')
      if (failed !== undefined) throw new Error('not swept to the end', { cause: failed.reason })
    },
  }
}
