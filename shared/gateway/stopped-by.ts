import { principalKey } from '../identity/principal.ts'
import { type Result, ok } from '../kernel/result.ts'
import type { KillSwitch } from '../policy/kill-switch.ts'
import type { Caller } from './caller.ts'
import { lookUp } from './own-jobs.ts'
import type { Ports } from './ports.ts'
import type { Refusal } from './refusal.ts'

/** How old what an instance knows of kill switches may be. They must act within 10 s. */
const KNOWN_MS = 3_000

/**
 * The kill switch that stops a caller from touching these tables (`project.dataset.table`), if there is one.
 * When nobody can say, everything is stopped.
 */
export async function stoppedBy(
  ports: Ports,
  caller: Caller,
  tables: readonly string[],
): Promise<Refusal | undefined> {
  const switches = await known(ports)
  if (!switches.ok) return switches.error
  const own = principalKey(caller.principal)
  const found = switches.value.find(({ scope }) => {
    if (scope.kind === 'global') return true
    if (scope.kind === 'principal') return scope.principal === own
    const prefix = `${scope.dataset}.`.toLowerCase()
    return tables.some((table) => table.toLowerCase().startsWith(prefix))
  })
  return found && { problem: 'switched-off', reason: found.reason }
}

async function known(ports: Ports): Promise<Result<readonly KillSwitch[], Refusal>> {
  const { memory, clock } = ports
  const before = memory.killSwitches.at
  const now = clock()
  if (before !== undefined && now >= before.at && now - before.at < KNOWN_MS)
    return ok(before.switches)
  const listed = await lookUp(() => ports.killSwitches.list())
  if (listed.ok) memory.killSwitches.at = { at: now, switches: listed.value }
  return listed
}
