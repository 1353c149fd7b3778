import { visibleLine } from '../../shared/approval-desk/visible-text.ts'
import type { SessionSummary, SessionView } from '../../shared/console/views/session-view.ts'
import { timeText } from './calls-text.ts'
import { textTable } from './text-table.ts'

/** Sessions, a line each. Times are UTC. */
export function sessionsText(sessions: readonly SessionSummary[]): string {
  if (sessions.length === 0) return 'no session found\n'
  return textTable(
    ['BEGAN (UTC)', 'WHO', 'THROUGH', 'CALLS', 'DENIED', 'HELD', 'STATE', 'SESSION'],
    sessions.map((one) => [
      timeText(one.at),
      whoText(one),
      visibleLine(one.claimed.server ?? one.claimed.name ?? one.principal.clientId ?? '-', 40),
      countText(one.calls),
      countText(one.denied),
      countText(one.held),
      one.closedAt === undefined ? 'open' : `closed ${timeText(one.closedAt)}`,
      one.session,
    ]),
  )
}

/** What happened in a session: its calls, the oldest first, each with its entries. Times are UTC. */
export function sessionText({ summary, calls, entries }: SessionView): string {
  const lines = [
    `session ${summary.session} of ${whoText(summary)}, from ${timeText(summary.at)} UTC`,
    ...entries.map(
      ({ type, at, verification: { state, problem } }) =>
        `${timeText(at)}  ${type}: ${state}${problem === undefined ? '' : `, ${visibleLine(problem, 200, 'words')}`}`,
    ),
    ...calls.flatMap(({ summary: call, steps }) => [
      '',
      `${timeText(call.at)}  call ${call.call}: ${visibleLine((call.strippedSql ?? call.method).replaceAll(/\s+/g, ' '), 100)}`,
      ...steps.map(
        ({ at, summary: words }) =>
          `  ${timeText(at).slice(11)}  ${visibleLine(words.split('  ').slice(2).join('  '), 160, 'words')}`,
      ),
    ]),
  ]
  return `${lines.join('\n')}\n`
}

function whoText({ principal: { email, subject, actors } }: SessionSummary): string {
  const agents = actors.map((actor) => ` through ${actor.subject}`).join('')
  return visibleLine(`${email ?? subject}${agents}`, 60)
}

/** Nobody counts further. */
function countText(count: number): string {
  return count >= 1_000 ? '1000+' : String(count)
}
