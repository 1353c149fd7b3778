import { setTimeout as wait } from 'node:timers/promises'

import { visibleLine } from '../../shared/approval-desk/visible-text.ts'
import { type CallSummary, callList } from '../../shared/console/views/call-view.ts'
import type { ApiCall } from './api-call.ts'
import { timeText } from './calls-text.ts'

/** Calls that take longer to end than this are not seen ending. */
const LOOK_BACK_MS = 15 * 60_000

/** Tells of every call that is new or has changed, the oldest first, until a time. Rejects as `call` does. */
export async function tailCalls(
  call: ApiCall,
  {
    session,
    everyMs,
    until,
    json,
  }: {
    readonly session: string | undefined
    readonly everyMs: number
    /** Epoch milliseconds. */
    readonly until: number
    readonly json: boolean
  },
  tell: (text: string) => void,
): Promise<void> {
  const told = new Map<string, string>()
  const started = Date.now()
  for (;;) {
    const from = new Date(Math.max(started, Date.now() - LOOK_BACK_MS)).toISOString()
    const query = new URLSearchParams({ from, pageSize: '200' })
    if (session !== undefined) query.set('session', session)
    // oxlint-disable-next-line no-await-in-loop -- it follows
    const { calls } = await call(`/v1/calls?${query.toString()}`, callList)
    for (const one of calls.toReversed()) {
      const text = json ? `${JSON.stringify(one)}\n` : lineOf(one)
      if (told.get(one.call) === text) continue
      told.set(one.call, text)
      tell(text)
    }
    if (Date.now() + everyMs > until) return
    // oxlint-disable-next-line no-await-in-loop
    await wait(everyMs)
  }
}

function lineOf(call: CallSummary): string {
  const who = call.principal?.email ?? call.principal?.subject ?? 'somebody unknown'
  const state = call.outcome ?? call.approval ?? call.problem ?? 'goes on'
  const what = (call.strippedSql ?? call.method).replaceAll(/\s+/g, ' ')
  return `${timeText(call.at)}Z  ${visibleLine(who, 40)}  ${call.decision}, ${state}  ${visibleLine(what, 100)}  ${call.call}\n`
}
