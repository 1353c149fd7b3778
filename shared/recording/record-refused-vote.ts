import type { Grant, Vote } from '../approval/grant.ts'
import { type Result, ok } from '../kernel/result.ts'
import { type Recorder, type RecordingProblem, createDurably } from './recorder.ts'

/** Makes a vote that does not count durable; another delivery of the same vote changes nothing. */
export async function recordRefusedVote(
  recorder: Recorder,
  grant: Grant,
  vote: Vote,
  problem: string,
): Promise<Result<void, RecordingProblem>> {
  const { call, requestEntry, request } = grant
  const created = await createDurably(recorder, {
    v: 1,
    type: 'refused-vote',
    id: `${call}~vote~${vote.id}`,
    call,
    at: recorder.clock(),
    request: requestEntry,
    session: request.session,
    grant: grant.id,
    vote,
    problem,
  })
  return created.ok ? ok(undefined) : created
}
