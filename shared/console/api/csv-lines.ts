import { stringify } from 'csv-stringify/sync'

import { principalKey } from '../../identity/principal.ts'
import type { CallDocument } from '../../recording/search/search-document.ts'
import type { SearchFilter } from '../../recording/search/search-filter.ts'
import { type FindPorts, findCalls } from '../calls/find.ts'
import { timeOf } from '../calls/person-of.ts'

const BATCH = 200

/**
 * Calls as CSV (RFC 4180), newest first: names of columns, then a line each. Lists are joined with `; `. A cell that a
 * spreadsheet would take for a formula, for it begins with `=`, `+`, `-`, `@`, a tab or a line end, has an apostrophe in front:
 * whoever wrote it must not run anything with whoever reads it. Rejects when the index cannot be reached.
 */
export async function* csvLines(
  ports: Pick<FindPorts, 'index'>,
  filter: SearchFilter,
  only: string | undefined,
): AsyncGenerator<Buffer> {
  yield lineOf(COLUMNS.map(([name]) => name))
  for (let before: string | undefined; ;) {
    // oxlint-disable-next-line no-await-in-loop -- page by page
    const page = await findCalls(ports, filter, { only, limit: BATCH, before })
    if (!page.ok) throw new Error('the index refuses its own cursor')
    for (const call of page.value.found) yield lineOf(COLUMNS.map(([, cellOf]) => cellOf(call)))
    before = page.value.before
    if (before === undefined) return
  }
}

function lineOf(cells: readonly (string | number | undefined)[]): Buffer {
  return Buffer.from(
    stringify([[...cells]], { escape_formulas: true, record_delimiter: 'windows' }),
  )
}

const list = (values: readonly (string | undefined)[]): string =>
  values.filter((value) => value !== undefined).join('; ')

const COLUMNS: readonly (readonly [string, (call: CallDocument) => string | number | undefined])[] =
  [
    ['time', ({ at }) => timeOf(at)],
    ['call', ({ call }) => call],
    ['principal', ({ principal }) => principal && principalKey(principal)],
    ['email', ({ principal }) => principal?.email],
    ['groups', ({ principal }) => list(principal?.groups ?? [])],
    ['actors', ({ principal }) => list(principal?.actors.map(({ subject }) => subject) ?? [])],
    ['client', ({ principal }) => principal?.clientId],
    ['server', ({ session }) => session?.claimed.server],
    ['tool', ({ session }) => session?.claimed.tool],
    ['session', ({ session }) => session?.id],
    ['address', ({ session }) => session?.verified.sourceAddress],
    ['method', ({ method }) => method],
    ['statement', ({ statementType }) => statementType],
    ['tables', ({ tables }) => list(tables)],
    ['targets', ({ targets }) => list(targets)],
    ['columns', ({ columns }) => list(columns)],
    ['masked', ({ masked }) => list(masked.map(({ column, mask }) => `${column} ${mask}`))],
    ['tags', ({ tags }) => list(tags)],
    ['decision', ({ decision }) => decision],
    ['rules', ({ rules }) => list(rules)],
    ['problem', ({ problem }) => problem],
    ['reason', ({ reason }) => reason],
    ['approval', ({ approval }) => approval],
    ['approvers', ({ approvers }) => list(approvers.map(({ name }) => name))],
    ['outcome', ({ outcome }) => outcome],
    ['duration ms', ({ durationMs }) => durationMs],
    ['rows', ({ rows }) => rows],
    ['bytes processed', ({ bytesProcessed }) => bytesProcessed],
    ['bytes billed', ({ bytesBilled }) => bytesBilled],
    ['job', ({ job }) => job && `${job.projectId}:${job.location ?? ''}.${job.jobId}`],
    ['fingerprint', ({ fingerprint }) => fingerprint],
    ['replay of', ({ replayOf }) => replayOf],
    ['flags', ({ flags }) => list(flags.map(({ rule, why }) => `${rule}: ${why}`))],
    ['sql', ({ strippedSql }) => strippedSql],
  ]
