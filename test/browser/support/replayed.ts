import { type ReplayReport, replayReport } from '../../../shared/console/views/replay-view.ts'
import { sessionList } from '../../../shared/console/views/session-view.ts'
import { askGateway } from './ask-gateway.ts'
import type { Place } from './sign-in.ts'

/** The session of the seeded day in which Ana plans capacity: plain reads of tables that nobody writes. */
export async function capacityPlan(place: Place): Promise<string> {
  let next = ''
  do {
    // oxlint-disable-next-line no-await-in-loop -- page by page
    const found = await askGateway(place, 'otto', `/v1/sessions?principal=ana${next}`)
    const { sessions, nextPageToken } = sessionList.parse(found)
    const plan = sessions.find(({ claimed }) => claimed.name === 'capacity-plan')
    if (plan !== undefined) return plan.session
    next = nextPageToken === undefined ? '' : `&pageToken=${encodeURIComponent(nextPageToken)}`
  } while (next !== '')
  throw new Error('nobody planned capacity')
}

/** That session run again in the sandbox, by Otto. */
export async function replayed(place: Place, more: object = {}): Promise<ReplayReport> {
  const session = await capacityPlan(place)
  return replayReport.parse(await askGateway(place, 'otto', '/v1/replays', { session, ...more }))
}
