import { styleText } from 'node:util'

import type { ApprovalView } from '../../shared/approval-desk/api/approval-view.ts'
import { formatBytes } from '../../shared/approval-desk/bytes-and-cost.ts'
import { oddNames } from '../../shared/approval-desk/odd-names.ts'
import { visibleLine, visibleText } from '../../shared/approval-desk/visible-text.ts'
import { name, nameOf, names, until, utc, words } from './approval-words.ts'

const LONGEST_PARAMETER = 20_000

/** All of a request, in the order in which whoever decides wants to know it. */
export function showText(view: ApprovalView, now: number): string {
  const sql = visibleText(view.sql, 'code', Infinity)
  const lines = [
    `${styleText('bold', view.id)}  ${styleText(colourOf(view), view.state)}`,
    ...warnings(view, sql.escaped).map((warning) => styleText('yellow', `  ! ${warning}`)),
    ...factsOf(view, now).flatMap(([label, text]) =>
      text === '' ? [] : [`  ${label.padEnd(10)}${text}`],
    ),
    ...section('sql', sql.text.split('\n')),
    ...section(
      'parameters',
      view.parameters.map((each) => visibleLine(JSON.stringify(each), LONGEST_PARAMETER)),
    ),
    ...section('history', historyLines(view)),
  ]
  return `${lines.join('\n')}\n`
}

function factsOf(view: ApprovalView, now: number): readonly (readonly [string, string])[] {
  const { requester, claimed, session } = view
  const client = requester.clientId === undefined ? '' : `, client ${name(requester.clientId)}`
  const acting = requester.actors.map(({ subject }) => name(subject)).join(', ')
  const says = [claimed.server, claimed.tool, session.claimed.name].flatMap((each) =>
    each === undefined ? [] : [name(each)],
  )
  return [
    [
      'who',
      `${nameOf(requester)}, subject ${name(requester.subject)} at ${name(requester.issuer)}`,
    ],
    ['through', `${acting === '' ? 'themselves' : acting}${client}`],
    ['claims', says.length === 0 ? '' : `${says.join(', ')} (it says so itself)`],
    ['address', name(session.sourceAddress ?? '')],
    ['groups', names(requester.groups)],
    ['what', `${name(view.statementType)} in ${names([view.projectId, view.location ?? ''])}`],
    ['data', names(view.tables)],
    ['changes', names(view.targets)],
    ['governed', names(view.governedColumns)],
    ['cost', costOf(view)],
    ['why', words(view.justification ?? '')],
    ['asked', utc(view.requestedAt)],
    [
      'decide by',
      view.state === 'approval-awaited'
        ? `${utc(view.expiresAt)} (${until(view.expiresAt, now)})`
        : '',
    ],
    ['until', view.until === undefined ? '' : `${utc(view.until)} (${until(view.until, now)})`],
    ...view.terms.map((terms) => ['needed', neededOf(terms)] as const),
    ['votes', view.votes.map(({ by, verdict }) => `${verdict} by ${nameOf(by)}`).join(', ')],
    ['time box', boxOf(view)],
    ['you may', view.youMay.join(', ')],
    ['digest', name(view.digest)],
  ]
}

function warnings(view: ApprovalView, escaped: number): readonly string[] {
  const all = [view.tables, view.targets, view.governedColumns].flat()
  const odd = oddNames(all, view.sql).slice(0, 5)
  return [
    ...(view.brokeGlass ? ['somebody broke the glass: it ran without a vote'] : []),
    ...(escaped > 0
      ? [`${escaped} characters of the SQL cannot be seen or move others: escapes stand for them`]
      : []),
    ...(odd.length > 0 ? [`names that may look like others: ${names(odd)}`] : []),
  ]
}

function costOf({ estimatedBytes, listPrice, maximumBytesBilled }: ApprovalView): string {
  const stop =
    maximumBytesBilled === undefined ? '' : `; stopped at ${formatBytes(maximumBytesBilled)}`
  return estimatedBytes === undefined
    ? `not known${stop}`
    : `up to ${formatBytes(estimatedBytes)}, ${listPrice ?? ''} at the list price${stop}`
}

function neededOf(terms: ApprovalView['terms'][number]): string {
  const { groups, of, quorum, description } = terms
  const asked = groups.map(({ group, votes }) => `${votes} of ${name(group)}`)
  const people = quorum > 1 ? `; ${quorum} people at least` : ''
  return `${asked.join(of === 'all' ? ' and ' : ' or ')}${people} (${words(description)})`
}

function boxOf({ timeBox }: ApprovalView): string {
  if (timeBox === undefined) return ''
  const { tables, statementType, maximumBytes, bytesUsed, uses } = timeBox
  return `${name(statementType)} on ${names(tables)}: ${uses} queries, ${formatBytes(bytesUsed)} of ${formatBytes(maximumBytes)} used`
}

function historyLines({ history }: ApprovalView): readonly string[] {
  return history.map(({ at, type, by, verdict, reason }) => {
    const who = by === undefined ? '' : ` by ${nameOf(by)} (${name(by.channel)})`
    const why = reason === undefined || reason === '' ? '' : `: ${words(reason)}`
    return `${utc(at)}  ${name(verdict ?? type)}${who}${why}`
  })
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0
    ? []
    : ['', `  ${styleText('bold', title)}`, ...lines.map((each) => `    ${each}`)]
}

function colourOf({ state }: ApprovalView): 'yellow' | 'green' | 'red' {
  if (state === 'approval-awaited') return 'yellow'
  return state === 'active' || state === 'ended' ? 'green' : 'red'
}
