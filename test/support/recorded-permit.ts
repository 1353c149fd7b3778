import type { BigQueryCall } from '../../shared/bigquery/call.ts'
import { parseProjectId } from '../../shared/bigquery/reference.ts'
import { mint } from '../../shared/kernel/brand.ts'
import type { RecordedPermit } from '../../shared/recording/recorded-permit.ts'

/** A call as the pipeline hands it to the upstream, for tests of adapters alone. */
export function recordedPermit(
  call: Partial<BigQueryCall> = {},
  connection = 'main',
): RecordedPermit {
  const projectId = parseProjectId('acme')
  if (projectId === undefined) throw new Error('unreachable')
  return mint<RecordedPermit>({
    call: {
      method: 'jobs.query',
      projectId,
      verb: 'POST',
      path: '/projects/acme/queries',
      query: {},
      ...(call.verb === 'GET' ? {} : { body: { query: 'SELECT 1', useLegacySql: false } }),
      ...call,
    },
    effect: 'permit',
    connection,
    callId: 'a'.repeat(26),
    grant: undefined,
    request: '0'.repeat(64),
    effectiveDigest: '0'.repeat(64),
    recordedAt: 0,
    repeated: false,
    release: { masks: [], governed: false, maximumRows: undefined, outputs: undefined },
  })
}
