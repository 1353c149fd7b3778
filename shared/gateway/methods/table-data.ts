import { ok } from '../../kernel/result.ts'
import type { ServeMethod } from '../method.ts'
import { releaseRows } from '../release-rows.ts'
import { askedRows, rowWindow } from '../row-window.ts'
import { sendOnce } from '../send.ts'
import { onTable } from '../table-call.ts'

/** `tabledata.list`: rows of a table the caller may SELECT from, or of a result of theirs. */
export const listRows: ServeMethod = (ports, request) => {
  const { caller, parameters } = request
  const selectedFields = parameters.text('selectedFields')
  return onTable(ports, request, {
    segments: ['data'],
    selectedFields,
    under: (terms, job) => {
      const window = rowWindow(askedRows(parameters), terms.maximumRows)
      if (window === undefined) return undefined
      return {
        query: {
          maxResults: window.maxResults,
          pageToken: window.pageToken,
          startIndex: window.startIndex,
          selectedFields,
          'formatOptions.useInt64Timestamp': parameters.flag('formatOptions.useInt64Timestamp'),
          'formatOptions.timestampOutputFormat': parameters.text(
            'formatOptions.timestampOutputFormat',
          ),
        },
        handle: {
          repeatable: true,
          send: sendOnce(ports.upstream, caller.signal),
          mask: async (reply) => {
            const { fields } = parameters
            const kind = 'bigquery#tableDataList'
            const released = await releaseRows(reply, {
              terms,
              window,
              fields,
              kind,
              timestampOutputFormat: parameters.text('formatOptions.timestampOutputFormat'),
              masking: ports.masking,
            })
            if (!released.ok) return released
            const delivery = { ...released.value.delivery, job }
            return ok({ ...released.value, delivery, ends: 'call' })
          },
        },
      }
    },
  })
}
