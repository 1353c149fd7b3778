import { parseDocument } from 'yaml'

import type { PolicyEdition } from './step.ts'

/**
 * The policy of a part of the day, made of the one in `written`: all day the rows of results are kept, masked, and the
 * run of a CI job is recorded; in the afternoon CI may read what is due. Throws when it is no policy to begin with.
 */
export function policyEdition(written: string, edition: PolicyEdition): string {
  const policy = parseDocument(written)
  policy.setIn(['record', 'results'], 'masked')
  policy.setIn(['issuers', 0, 'claims', 'record'], ['repository', 'run_id', 'sha'])
  if (edition === 'afternoon') policy.addIn(['rules'], policy.createNode(CI_RULE))
  return policy.toString({ lineWidth: 0 })
}

const CI_RULE = {
  id: 'etl-reads-encounters',
  description: 'The nightly build counts encounters and claims, and nothing of patients.',
  effect: 'permit',
  when: [
    '"ci" in principal.groups && query.statementType == "SELECT" &&',
    'query.tables.all(t, t in ["acme.hospital.encounters", "acme.hospital.claims", "acme.hospital.staff"])',
  ].join(' '),
}
