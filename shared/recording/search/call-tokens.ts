import { principalKey } from '../../identity/principal.ts'
import { stepsAbove, stepsReached } from './byte-steps.ts'
import { columnSuffixes, dottedSuffixes } from './dotted.ts'
import { personTokens } from './principal-tokens.ts'
import type { CallDocument } from './search-document.ts'
import { type TokenKind, decisionOutcomeToken, joined, token } from './token.ts'
import { wordsOf } from './words-of.ts'

/** All that a call can be found by, what says most first. */
export function* callTokens(call: CallDocument): Generator<string> {
  yield token('is', 'call')
  yield* personTokens('principal', call.principal)
  yield* callerTokens(call)
  yield* judgedTokens(call)
  yield* patternTokens(call)
  yield* jobTokens(call)
  yield* bytesTokens(call.bytesProcessed)
  yield* each('masked', call.masked.map(({ column }) => column).flatMap(columnSuffixes))
  yield* each('table', [...call.tables, ...call.targets].flatMap(dottedSuffixes))
  yield* each('filtered', call.filterColumns.flatMap(columnSuffixes))
  yield* each('column', call.masked.map(({ column }) => column).flatMap(columnSuffixes))
  yield* each('column', call.filterColumns.flatMap(columnSuffixes))
  yield* each('column', call.columns.flatMap(columnSuffixes))
  yield* each('word', wordsOf(call.strippedSql ?? ''))
}

function* callerTokens({ principal, session }: CallDocument): Generator<string> {
  yield* each('session', [session?.id])
  yield* each('group', principal?.groups ?? [])
  const { server, tool } = session?.claimed ?? {}
  yield* each('client', [principal?.clientId, server, server?.split('/')[0], tool])
  for (const actor of principal?.actors ?? []) yield token('client', actor.subject)
  for (const [name, value] of Object.entries(principal?.claims ?? {}))
    yield token('claim', `${name}=${value}`)
}

function* judgedTokens(call: CallDocument): Generator<string> {
  yield token('decision', call.decision)
  yield* each('rule', call.rules)
  yield* each('problem', [call.problem, call.reason])
  yield* each('outcome', [call.outcome])
  if (call.outcome !== undefined) yield decisionOutcomeToken(call.decision, call.outcome)
  yield* each('approval', [call.approval])
  for (const { key, name } of call.approvers) {
    const [issuer = '', ...rest] = key.split(' ')
    yield* personTokens('approver', { issuer, subject: rest.join(' '), email: name })
  }
  yield* each('statement', [call.statementType])
  yield* each('fingerprint', [call.fingerprint])
  yield* each(
    'flag',
    call.flags.map(({ rule }) => rule),
  )
  yield* each('replay-of', [call.replayOf])
  yield* each('tag', call.tags)
}

/** What `flagsOf` counts, each as one token. */
function* patternTokens(call: CallDocument): Generator<string> {
  if (call.principal === undefined) return
  const key = principalKey(call.principal)
  if (call.decision === 'deny') yield token('denied', key)
  if (call.outcome !== 'released' || call.dryRun) return
  for (const table of call.tables) yield token('reads', joined(key, table))
  if (call.fingerprint !== undefined) yield token('runs', joined(key, call.fingerprint))
}

function jobTokens({ job }: CallDocument): Generator<string> {
  return each('job', job === undefined ? [] : [job.jobId, `${job.projectId}:${job.jobId}`])
}

function* bytesTokens(bytes: number | undefined): Generator<string> {
  if (bytes === undefined) return
  for (const step of stepsReached(bytes)) yield token('at-least', String(step))
  for (const step of stepsAbove(bytes)) yield token('below', String(step))
}

function* each(kind: TokenKind, values: readonly (string | undefined)[]): Generator<string> {
  for (const value of values) if (value !== undefined && value !== '') yield token(kind, value)
}
