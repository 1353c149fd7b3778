import { bigQueryCatalog } from '../shared/adapters/bigquery/catalog.ts'
import { bigQueryDryRun } from '../shared/adapters/bigquery/dry-run.ts'
import type { ExchangeOptions } from '../shared/adapters/bigquery/exchange.ts'
import { ownQuestions } from '../shared/adapters/bigquery/own-questions.ts'
import type { Catalog } from '../shared/analysis/catalog.ts'
import type { Ports } from '../shared/gateway/ports.ts'
import type { Connection } from '../shared/policy/policy.ts'

/** What Sluice itself asks BigQuery, through each connection of a policy. */
export function questionsOf(
  connections: readonly Connection[],
  options: ExchangeOptions,
): Pick<Ports, 'catalog' | 'dryRun'> & { readonly close: () => Promise<void> } {
  const { ask, close } = ownQuestions(options)
  const { clock } = options
  const partsOf = (anew: () => Catalog, id: string) => ({
    anew,
    catalog: anew(),
    dryRun: bigQueryDryRun(ask, id),
  })
  const parts = new Map(
    connections.flatMap(({ id, projects: [projectId] }) =>
      projectId === undefined
        ? []
        : [
            [
              id,
              partsOf(() => bigQueryCatalog({ ask, connection: id, projectId, clock }), id),
            ] as const,
          ],
    ),
  )
  const of = (connection: string) => {
    const found = parts.get(connection)
    if (found === undefined) throw new Error(`no such connection \`${connection}\``)
    return found
  }
  return {
    catalog: (connection, anew) =>
      anew === undefined ? of(connection).catalog : of(connection).anew(),
    dryRun: (connection) => of(connection).dryRun,
    close,
  }
}
