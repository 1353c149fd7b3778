import { principalKey } from '../identity/principal.ts'
import type { RequestEntry } from './entry.ts'

/**
 * Whose a job is: whoever's who asked. That of a replay is nobody's: no principal has the key, so neither who asked then
 * nor who has it replayed finds the job, its rows or its result table.
 */
export function jobOwner({
  principal,
  replay,
}: {
  readonly principal: Parameters<typeof principalKey>[0]
  readonly replay?: RequestEntry['replay']
}): string {
  // The issuer of a principal is a URL.
  return replay === undefined ? principalKey(principal) : `replay ${replay.of}`
}
