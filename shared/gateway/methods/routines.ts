import { parseRoutineId } from '../../bigquery/reference.ts'
import { ok } from '../../kernel/result.ts'
import { bareFacts } from '../../recording/bare-facts.ts'
import { inDataset } from '../metadata-call.ts'
import type { ServeMethod } from '../method.ts'
import { refuse } from '../outcome.ts'
import { objectsIn, rebuild, textAt } from '../resources.ts'

/** `routines.list`: without their bodies. */
export const listRoutines: ServeMethod = (ports, request) => {
  const { parameters } = request
  return inDataset(ports, request, {
    segments: ['routines'],
    query: {
      maxResults: parameters.count('maxResults'),
      pageToken: parameters.text('pageToken'),
      filter: parameters.text('filter'),
      readMask: parameters.text('readMask'),
    },
    show: (list) => {
      const nextPageToken = textAt(list, 'nextPageToken')
      return ok({
        ...(nextPageToken === undefined ? {} : { nextPageToken }),
        routines: objectsIn(list, 'routines').map((item) => rebuild('Routine', item)),
      })
    },
  })
}

/** `routines.get`: without its body, which may read what no rule permits. */
export const getRoutine: ServeMethod = async (ports, request) => {
  const { callId, method, parameters, path } = request
  const routineId = parseRoutineId(path['routineId'] ?? '')
  if (routineId === undefined)
    return refuse({ problem: 'not-found', what: 'Routine' }, callId, bareFacts(method, undefined))
  return inDataset(ports, request, {
    segments: ['routines', routineId],
    query: { readMask: parameters.text('readMask') },
    show: (routine) => ok(rebuild('Routine', routine)),
  })
}
