import type { CaseFile } from '../../policy/case-file.ts'
import { connectionOf } from '../../policy/evaluate.ts'
import type { Policy } from '../../policy/policy.ts'
import { nameDefaults, typedParameter } from '../../policy/read-question.ts'
import { runCase } from '../../policy/run-case.ts'
import type { PolicyTestReport } from '../views/policy-view.ts'
import { rememberingCatalog } from '../what-if/remembering-catalog.ts'
import type { WhatIfPorts } from '../what-if/what-if-ports.ts'

/** What deciding cases asks of the world. */
export type TestPorts = Pick<WhatIfPorts, 'analyze' | 'catalog'> & { readonly clock: () => number }

const LONGEST_MS = 30_000

/** Why cases cannot be decided here, in words for whoever wrote them; undefined when they can. */
export function whyNotTested(inForce: Policy, file: CaseFile): string | undefined {
  const { project, defaultDataset, cases } = file
  try {
    const { projectId } = nameDefaults(project, defaultDataset)
    for (const { parameters } of cases)
      for (const type of Object.values(parameters)) typedParameter(undefined, type)
    return connectionOf(inForce, projectId) === undefined
      ? `no connection of the policy in force has the project \`${project}\``
      : undefined
  } catch (cause) {
    return cause instanceof Error ? cause.message : 'the names in it are none'
  }
}

/**
 * Whether `candidate` decides as cases say, on tables as BigQuery has them now, asked for through the connections in
 * force. Begins no case after 30 s. Throws where `whyNotTested` says why; rejects when BigQuery or GoogleSQL cannot be asked.
 */
export async function testPolicy(
  ports: TestPorts,
  { candidate, inForce }: { readonly candidate: Policy; readonly inForce: Policy },
  { project, defaultDataset, cases }: CaseFile,
): Promise<PolicyTestReport> {
  const until = ports.clock() + LONGEST_MS
  const defaults = nameDefaults(project, defaultDataset)
  const connection = connectionOf(inForce, defaults.projectId)
  const catalog = connection && rememberingCatalog(ports.catalog)(connection.id)
  const { analyze, clock } = ports
  const world = { analyze, catalog, policy: candidate, defaults, now: clock() }
  const done: PolicyTestReport['cases'] = []
  for (const each of cases) {
    if (clock() >= until) break
    // oxlint-disable-next-line no-await-in-loop -- one GoogleSQL answers all of them
    const differences = await runCase(world, each)
    done.push({ name: each.name, differences: [...differences] })
  }
  const passed = done.filter(({ differences }) => differences.length === 0).length
  return { digest: candidate.digest, passed, cases: done, isAll: done.length === cases.length }
}
