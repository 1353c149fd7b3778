import { parseGrantId } from '../../approval/grant-id.ts'
import type { Grant } from '../../approval/grant.ts'
import type { Grants } from '../../approval/grants.ts'
import type { SessionContents } from './session-contents.ts'

/** The grants that were asked for in these sessions. What ran under a grant of another session is not that grant's. */
export async function grantsOfSessions(
  grants: Pick<Grants, 'find'>,
  contents: readonly SessionContents[],
): Promise<readonly Grant[]> {
  const found: Grant[] = []
  for (const { session, grants: ids } of contents)
    for (const id of ids.map(parseGrantId)) {
      // oxlint-disable-next-line no-await-in-loop -- one at a time: nobody is in a hurry
      const grant = id && (await grants.find(id))
      if (grant?.request.session === session) found.push(grant)
    }
  return found
}
