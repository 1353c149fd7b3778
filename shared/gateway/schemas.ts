import type { Catalog } from '../analysis/catalog.ts'
import type { DryRun } from '../analysis/dry-run.ts'
import type { ProjectId } from '../bigquery/reference.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import { connectionOf } from '../policy/evaluate.ts'
import type { Policy } from '../policy/policy.ts'
import type { Refusal } from './refusal.ts'

/** What BigQuery says of tables and of statements, asked by the id of a connection. */
export interface OwnQuestions {
  /** `anew`: one that remembers nothing from before. */
  readonly catalog: (connection: string, anew?: 'anew') => Catalog
  readonly dryRun: (connection: string) => DryRun
}

/** The same through the connection of one project; rejects with `NotAnswered`. */
export function questionsFor(
  ports: OwnQuestions,
  policy: Policy,
  projectId: ProjectId,
): { readonly id: string; readonly catalog: Catalog; readonly dryRun: DryRun } {
  const connection = connectionOf(policy, projectId)
  // What has no connection was denied for that.
  if (connection === undefined) throw new Error('a question without a connection')
  const catalog = ports.catalog(connection.id)
  const dryRun = ports.dryRun(connection.id)
  return {
    id: connection.id,
    catalog: {
      table: (table) => answer(catalog.table(table)),
      routine: (dataset, routineId) => answer(catalog.routine(dataset, routineId)),
      tablesLike: (dataset, prefix) => answer(catalog.tablesLike(dataset, prefix)),
    },
    dryRun: (request) => answer(dryRun(request)),
  }
}

/** What `work` resolves with, or the refusal that stands for a BigQuery that could not be asked on the way. */
export async function whileAsking<T>(work: () => Promise<T>): Promise<Result<T, Refusal>> {
  try {
    return ok(await work())
  } catch (cause) {
    if (!(cause instanceof NotAnswered)) throw cause
    return err({ problem: 'questions-unanswered', cause: cause.cause })
  }
}

/** Tells an outage of BigQuery from a bug of ours, through whatever is called in between. */
class NotAnswered extends Error {
  override readonly name = 'NotAnswered'
}

async function answer<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (cause) {
    throw new NotAnswered('BigQuery could not be asked', { cause })
  }
}
