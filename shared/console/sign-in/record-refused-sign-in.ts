import type { Context } from 'hono'

import { bareFacts } from '../../recording/bare-facts.ts'
import { recordAnonymousRefusal } from '../../recording/record-refusal.ts'
import type { Recorder } from '../../recording/recorder.ts'
import type { AuditSurface } from '../audit-ports.ts'
import type { SignInProblem } from './console-sign-in.ts'

/** Puts a refused sign-in on the record, as far as the budget for unknown callers goes. What fails is told, not thrown. */
export async function recordRefusedSignIn(
  recorder: Recorder,
  surface: Pick<AuditSurface, 'sourceAddress' | 'refusalBudget' | 'onFailure'>,
  c: Context,
  { problem, words }: SignInProblem,
): Promise<void> {
  try {
    const recorded = await recordAnonymousRefusal(recorder, surface.refusalBudget, {
      facts: bareFacts('GET /console/callback', undefined),
      session: undefined,
      problem: 'sign-in-refused',
      detail: `${problem}: ${words}`,
      decision: undefined,
      source: {
        address: surface.sourceAddress(c),
        userAgent: c.req.header('user-agent')?.slice(0, 512),
      },
    })
    if (!recorded.ok) surface.onFailure(recorded.error)
  } catch (cause) {
    surface.onFailure(cause)
  }
}
