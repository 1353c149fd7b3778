import type { Grant } from '../../approval/grant.ts'
import { LIST_PRICE_USD_PER_TIB, formatBytes, formatListPrice } from '../bytes-and-cost.ts'
import { visibleLine } from '../visible-text.ts'
import { type Inline, bold, literal } from './blocks.ts'
import { listOf, nameOf } from './said-of.ts'

const JUSTIFICATION_LIMIT = 1000

/** Who wants what, on which data, at what cost and why: a line each, in the order in which it is read. */
export function factLines(grant: Grant): readonly (readonly Inline[])[] {
  const { told, request } = grant
  const where = `${nameOf(request.projectId)}${request.location === undefined ? '' : `, ${nameOf(request.location)}`}`
  const count = request.parameters.length
  const parameters = `; ${count} ${count === 1 ? 'parameter' : 'parameters'}, whose values are not shown here`
  return [
    line('Who', whoOf(grant)),
    line('Through', throughOf(grant)),
    line('What', `${nameOf(told.statementType)} in ${where}${count === 0 ? '' : parameters}`),
    line('Data', told.tables.length === 0 ? 'no tables' : listOf(told.tables)),
    ...(told.targets.length === 0 ? [] : [line('Changes', listOf(told.targets))]),
    line(
      'Governed columns',
      told.governedColumns.length === 0 ? 'none' : listOf(told.governedColumns),
    ),
    line('Cost', costOf(grant)),
    line('Why', whyOf(told.justification)),
  ]
}

function line(label: string, text: string): readonly Inline[] {
  return [bold(`${label}: `), literal(text)]
}

function whoOf({ request: { principal } }: Grant): string {
  const { email, subject, issuer, clientId, actors } = principal
  const client = clientId === undefined ? 'no client' : `client ${nameOf(clientId)}`
  const acting = actors.map((actor) => nameOf(actor.subject)).join(', ')
  return [
    email === undefined ? 'no verified e-mail' : nameOf(email),
    `subject ${nameOf(subject)} at ${nameOf(issuer)}`,
    client,
    ...(acting === '' ? [] : [`acted for by ${acting}`]),
  ].join('; ')
}

function throughOf({ session: { claimed } }: Grant): string {
  const { server, tool } = claimed
  if (server === undefined && tool === undefined) return 'a program that does not say what it is'
  const names = [
    ...(server === undefined ? [] : [nameOf(server)]),
    ...(tool === undefined ? [] : [`tool ${nameOf(tool)}`]),
  ]
  return `${names.join(', ')} (as it says itself; nobody checked)`
}

function costOf({ told: { estimatedBytes }, request }: Grant): string {
  const limits = [
    request.decision.obligations.maximumBytesBilled,
    request.options.maximumBytesBilled,
  ]
  const limit = Math.min(...limits.flatMap((each) => (each === undefined ? [] : Number(each))))
  const stop = limit === Infinity ? '' : `; BigQuery stops it at ${formatBytes(limit)}`
  return estimatedBytes === undefined
    ? `not known, BigQuery gave no estimate${stop}`
    : `up to ${formatBytes(estimatedBytes)}, ${formatListPrice(estimatedBytes)} at the list price (USD ${LIST_PRICE_USD_PER_TIB} per TiB on demand)${stop}`
}

function whyOf(justification: string | undefined): string {
  return justification === undefined
    ? 'they gave no reason'
    : `“${visibleLine(justification, JUSTIFICATION_LIMIT, 'words')}” (in their own words)`
}
