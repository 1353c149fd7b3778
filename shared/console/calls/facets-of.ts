import { principalKey } from '../../identity/principal.ts'
import type { CallDocument } from '../../recording/search/search-document.ts'
import type { Facet } from '../views/call-view.ts'

/** At most so many values of a facet: those that most calls have. */
const MOST_VALUES = 12

interface Value {
  /** As the filter takes it. */
  readonly value: string
  /** For people. */
  readonly label: string
}

/** How many of the calls have which value, by the name of the filter that selects them. */
export function facetsOf(calls: readonly CallDocument[]): Facet[] {
  return FACETS.map(([filter, valuesOf]) => ({ filter, values: countsOf(calls, valuesOf) })).filter(
    ({ values }) => values.length > 0,
  )
}

function countsOf(
  calls: readonly CallDocument[],
  valuesOf: (call: CallDocument) => readonly Value[],
): Facet['values'] {
  const counts = new Map<string, { readonly label: string; count: number }>()
  for (const call of calls) {
    const values = new Map(valuesOf(call).map(({ value, label }) => [value, label]))
    for (const [value, label] of values) {
      const known = counts.get(value)
      if (known === undefined) counts.set(value, { label, count: 1 })
      else known.count += 1
    }
  }
  return [...counts]
    .map(([value, { label, count }]) => ({ value, label, count }))
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, MOST_VALUES)
}

const FACETS: readonly (readonly [string, (call: CallDocument) => readonly Value[]])[] = [
  ['decision', ({ decision }) => plain([decision])],
  ['outcome', ({ outcome }) => plain([outcome])],
  ['approval', ({ approval }) => plain([approval])],
  ['flag', ({ flags }) => plain(flags.map(({ rule }) => rule))],
  [
    'principal',
    ({ principal }) =>
      principal === undefined
        ? []
        : [{ value: principalKey(principal), label: principal.email ?? principal.subject }],
  ],
  ['client', (call) => plain(clientsOf(call))],
  ['table', ({ tables }) => plain(tables)],
  ['maskedColumn', ({ masked }) => plain(masked.map(({ column }) => column))],
  ['tag', ({ tags }) => plain(tags)],
  ['statementType', ({ statementType }) => plain([statementType])],
  ['rule', ({ rules }) => plain(rules)],
  ['problem', ({ problem }) => plain([problem])],
  ['approver', ({ approvers }) => approvers.map(({ key, name }) => ({ value: key, label: name }))],
]

/** Through what somebody asked: OAuth client, MCP server and tool, and who acts for them. */
function clientsOf({ principal, session }: CallDocument): readonly (string | undefined)[] {
  const { server, tool } = session?.claimed ?? {}
  const actors = principal?.actors.map(({ subject }) => subject) ?? []
  return [...actors, server, tool, principal?.clientId]
}

function plain(values: readonly (string | undefined)[]): readonly Value[] {
  return values.flatMap((value) => (value === undefined ? [] : [{ value, label: value }]))
}
