import type { ApprovalRequested, Receive } from '../approval/messages.ts'
import type { Desk } from './desk.ts'

/** Tells people what they are to know of a grant. Rejects when somebody may not have been told. */
export function notifier({
  grants,
  announce,
}: Pick<Desk, 'grants' | 'announce'>): Receive<ApprovalRequested> {
  return async ({ grant: id, news }) => {
    const grant = await grants.find(id)
    // It may be on its way: the message was faster.
    if (grant === undefined) throw new Error(`no grant \`${id}\` yet`)
    await announce.tell(grant, news)
  }
}
