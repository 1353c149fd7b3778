import { parseErrorBody } from '../../bigquery/upstream-error.ts'
import type { WholeReply } from '../whole-reply.ts'

/** What Cloud Storage did not do, in its statuses and reasons: its messages may quote anything. */
export function refusal(
  verb: 'create' | 'read' | 'remove' | 'replace',
  path: string,
  reply: WholeReply,
): Error {
  const reason = reasonOf(reply)
  const why = WORDS[reason] ?? `status \`${reply.status}\`, \`${reason}\``
  return new Error(`cloud storage does not ${verb} \`${path}\`: ${why}`)
}

/** Whether there is an object already, which must stay as it is. */
export function isHeldBack(reply: WholeReply): boolean {
  return reply.status === 403 && Object.hasOwn(WORDS, reasonOf(reply))
}

/** https://cloud.google.com/storage/docs/json_api/v1/status-codes */
const WORDS: Readonly<Record<string, string>> = {
  retentionPolicyNotMet: 'its retention is not over',
  objectUnderActiveHold: 'it is on hold',
}

function reasonOf({ body }: WholeReply): string {
  const reason = parseErrorBody(body)?.reason ?? ''
  return /^[A-Za-z]{1,64}$/.test(reason) ? reason : 'no reason'
}
