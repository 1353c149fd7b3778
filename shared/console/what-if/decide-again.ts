import { tableReference, parseProjectId } from '../../bigquery/reference.ts'
import { builtInDecision } from '../../gateway/built-in-decision.ts'
import type { Decidable } from '../../gateway/caller.ts'
import { decideRead } from '../../gateway/decide-read.ts'
import { type Result, err, ok } from '../../kernel/result.ts'
import type { Decision } from '../../policy/decision.ts'
import { connectionOf } from '../../policy/evaluate.ts'
import type { Policy } from '../../policy/policy.ts'
import type { KeptEntry } from '../../recording/entry-store.ts'
import type { RefusalEntry, RequestEntry } from '../../recording/entry.ts'
import { openedAsked } from '../calls/opened-of.ts'
import { runAgain } from './decide-run-again.ts'
import type { WhatIfPorts } from './what-if-ports.ts'
import { type NotCompared, reasonOf } from './why-not.ts'

/** A call as the record has it. */
export type RecordedCall = KeptEntry & { readonly entry: RequestEntry | RefusalEntry }

/** What was decided on a call, and what another policy says to it. */
export interface DecidedAgain {
  readonly before: Decision
  readonly after: Decision
}

/**
 * Decides again on a call that is on the record: by the candidate, for whoever asked and when they did, with the estimate of
 * then; on tables, views and tags of written data as they are now. BigQuery is asked for schemas only, through the
 * connections in force: a candidate names no credential here. Rejects when secrets or the store cannot be had.
 */
export async function decideAgain(
  ports: WhatIfPorts,
  { candidate, inForce }: { readonly candidate: Policy; readonly inForce: Policy },
  kept: RecordedCall,
): Promise<Result<DecidedAgain, NotCompared>> {
  const { entry } = kept
  const { principal, session, decision: before } = entry
  if (before === undefined || principal === undefined || session === undefined)
    return err('refused-undecided')
  const projectId = parseProjectId(entry.projectId ?? '')
  if (projectId === undefined) return err('no-project')
  const again = (after: Decision) => ok({ before, after })
  // Fail closed: without a connection nothing of the project is decided, and nothing has to be asked.
  if (connectionOf(candidate, projectId) === undefined)
    return again(builtInDecision(candidate, projectId, 'visible-metadata'))
  const connection = connectionOf(inForce, projectId)
  if (connection === undefined) return err('no-connection')
  const asking: WhatIfPorts = { ...ports, catalog: () => ports.catalog(connection.id) }

  const opened = await openedAsked(ports.secrets, kept)
  if (opened.state === 'erased') return err('erased')
  const asked = opened.state === 'opened' ? opened.facts : {}
  const caller: Decidable = {
    policy: candidate,
    principal,
    session,
    facts: { sourceAddress: session.verified.sourceAddress, justification: asked.justification },
    at: entry.at,
  }
  if (isQuery(entry)) {
    const after = await runAgain(asking, caller, { entry, projectId, asked })
    return after.ok ? again(after.value) : after
  }
  const table = entry.statementType === 'SELECT' ? tableOf(entry.tables[0]) : undefined
  if (table === undefined)
    return again(builtInDecision(candidate, projectId, builtInIn(before) ?? 'visible-metadata'))
  const read = await decideRead(asking, caller, table, undefined)
  if (!read.ok) return err(reasonOf(read.error))
  const after = read.value.decision
  // As `tables.get` has it: who may ask for rows may know what they are rows of.
  if (entry.method === 'tables.get' && after.effect === 'require-approval')
    return again(builtInDecision(candidate, projectId, 'visible-metadata'))
  return again(after)
}

function isQuery({ method }: RequestEntry | RefusalEntry): boolean {
  return method === 'jobs.query' || method === 'jobs.insert'
}

function builtInIn({ rules }: Decision): 'own-job' | undefined {
  return rules.includes('built-in:own-job') ? 'own-job' : undefined
}

function tableOf(name: string | undefined) {
  const [, project = '', dataset = '', table = ''] =
    /^(.+)\.([^.]+)\.([^.]+)$/s.exec(name ?? '') ?? []
  // Results of queries are whose query it was, by no rule.
  return dataset.startsWith('_') ? undefined : tableReference(project, dataset, table)
}
