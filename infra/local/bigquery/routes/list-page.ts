import { BigQueryError } from '../errors.ts'
import { type ApiRequest, queryCount, queryText } from '../http/api-request.ts'

/** One page of a list method: `maxResults` items from where `pageToken` says. Throws `invalid`. */
export function listPage<T>(
  request: ApiRequest,
  items: readonly T[],
  mostByDefault = 1_000,
): { readonly items: readonly T[]; readonly nextPageToken?: string } {
  const token = queryText(request, 'pageToken')
  const start = token === undefined ? 0 : Number(/^list-(\d{1,9})$/.exec(token)?.[1])
  if (Number.isNaN(start)) throw new BigQueryError('invalid', 'Invalid page token')
  const end = start + (queryCount(request, 'maxResults') ?? mostByDefault)
  const page = items.slice(start, end)
  return end < items.length ? { items: page, nextPageToken: `list-${end}` } : { items: page }
}
