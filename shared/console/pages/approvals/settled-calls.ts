import { type CallSummary, callList } from '../../views/call-view.ts'
import type { Ask, Viewer } from '../console-env.ts'
import { withQuery } from '../places.ts'
import { nameOf } from './approval-words.ts'

const MOST = 20

/**
 * Calls that were held and are settled, newest first. Undefined for whoever may not search the record: to ask all the same
 * would put a refusal of them on it. Undefined as well where the API does not say.
 */
export async function settledCalls(
  ask: Ask,
  viewer: Viewer,
  filter: Readonly<Record<string, string>> = {},
): Promise<readonly CallSummary[] | undefined> {
  if (!viewer.roles.some((role) => role === 'auditor' || role === 'requester')) return undefined
  const path = withQuery('/v1/calls', { decision: 'require-approval', ...filter })
  const list = await ask({ path }, callList)
  if (!list.ok) return undefined
  return list.value.calls
    .filter(({ approval }) => nameOf(approval ?? '') !== 'approval-awaited')
    .slice(0, MOST)
}
