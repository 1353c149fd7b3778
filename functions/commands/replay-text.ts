import { visibleLine } from '../../shared/approval-desk/visible-text.ts'
import { VERDICTS, whyNotRun } from '../../shared/console/replay/replay-words.ts'
import type { ReplayReport } from '../../shared/console/views/replay-view.ts'
import { textTable } from './text-table.ts'

const LONGEST = 100

/** How a replay compares, for people. */
export function replayText(report: ReplayReport): string {
  const { replay, at, of, session, connection, asOf, calls, verdict } = report
  return [
    `${replay}  ${at}\n`,
    `session ${of} on ${shown(connection)}${asOf === undefined ? '' : ', on tables as they were then'}\n\n`,
    textTable(
      ['call', 'decision', 'schema', 'rows', 'digest', 'then', 'now', 'run again as', 'what'],
      calls.map((call) => [
        call.of,
        call.decision,
        call.schema,
        call.rows,
        call.digest,
        count(call.rowsThen),
        count(call.rowsNow),
        call.call ?? '',
        call.reason === undefined ? shown(call.strippedSql ?? '') : whyNotRun(call.reason),
      ]),
    ),
    ...calls
      .filter(({ decision }) => decision === 'different')
      .map(
        ({ of: id, decisionThen, decisionNow }) =>
          `\n${id}: ${shown(decisionThen)} -> ${shown(decisionNow ?? 'not known')}\n`,
      ),
    `\n${VERDICTS[verdict]}\n`,
    session === '' ? '' : `the replay is session ${session}\n`,
  ].join('')
}

const count = (rows: number | undefined): string => (rows === undefined ? '' : String(rows))

/** Names and SQL are somebody else's. */
function shown(text: string): string {
  return visibleLine(text.replaceAll(/\s+/g, ' '), LONGEST, 'words')
}
