import { err, ok } from '../../shared/kernel/result.ts'
import { approvals } from './approval-world.ts'
import { ANSWERED } from './fake-analyzer.ts'
import { POLICY, type WorldOptions, world } from './world.ts'

/** Held under the policy of `heldWorld`: claims are read with leave of the privacy office. */
export const HELD = 'SELECT name FROM acme.hospital.claims'

const HELD_POLICY = POLICY.replace(
  'rules:',
  `roles: { privacy-office: approver }
approvals:
  - id: office
    description: The privacy office decides.
    approvers: { anyOf: [{ group: privacy-office, votes: 1 }] }
    wait: 12h
    useWithin: 15m
rules:
  - id: claims-are-held
    description: Claims of people are read with leave.
    effect: require-approval
    approval: office
    when: query.tables.exists(t, t == "acme.hospital.claims")`,
)

const nothing = async (what: string) => err({ problem: 'not-in-catalog', what } as const)

/** `world` with approvals, for tests of what is held that need no GoogleSQL. */
export async function heldWorld(options: WorldOptions = {}) {
  const gateway = await world({
    policy: HELD_POLICY,
    questions: {
      catalog: () => ({
        table: ({ tableId }) => nothing(tableId),
        routine: (_, routineId) => nothing(routineId),
        tablesLike: (_, prefix) => nothing(prefix),
      }),
      dryRun: () => async () =>
        ok({
          statementType: 'SELECT',
          referencedTables: ['acme.hospital.claims'],
          referencedRoutines: [],
          schema: ANSWERED,
          totalBytesProcessed: 1_024,
          undeclaredParameters: 0,
        }),
    },
    ...options,
  })
  return { gateway, ...approvals(gateway) }
}
