import { principalKey } from '../../identity/principal.ts'
import type { CallDocument } from '../../recording/search/search-document.ts'
import { timeOf } from '../calls/person-of.ts'
import type { TableView } from '../views/table-view.ts'

type Toucher = TableView['principals'][number]

const MOST = 20
const MOST_EACH = 10

/** Who made these calls, through what, and who approved it: most calls first, at most 20. */
export function touchedBy(calls: readonly CallDocument[]): Toucher[] {
  const groups = Map.groupBy(calls, ({ principal }) => principal && principalKey(principal))
  return [...groups]
    .flatMap(([principal, own]): readonly Toucher[] => {
      const [newest] = own
      if (principal === undefined || newest?.principal === undefined) return []
      const { email, subject } = newest.principal
      return [
        {
          principal,
          label: email ?? subject,
          calls: own.length,
          lastAt: timeOf(Math.max(...own.map(({ at }) => at))),
          clients: unique(own.flatMap(clientsOf)),
          approvers: unique(own.flatMap(({ approvers }) => approvers.map(({ name }) => name))),
        },
      ]
    })
    .toSorted((a, b) => b.calls - a.calls || (a.principal < b.principal ? -1 : 1))
    .slice(0, MOST)
}

/** Through what somebody asked: who acts for them, the MCP server, the OAuth client. */
function clientsOf({ principal, session }: CallDocument): readonly string[] {
  const { server } = session?.claimed ?? {}
  const { actors = [], clientId } = principal ?? {}
  return [...actors.map(({ subject }) => subject), server, clientId].filter(
    (each) => each !== undefined,
  )
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].slice(0, MOST_EACH)
}
