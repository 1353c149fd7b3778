/** Where pages of the console are. Ids and names are put into paths as one segment each. */
export const places = {
  call: (call: string): string => `/console/calls/${encodeURIComponent(call)}`,
  session: (session: string): string => `/console/sessions/${encodeURIComponent(session)}`,
  playback: (session: string): string => `${places.session(session)}/playback`,
  replay: (id: string): string =>
    `/console/replays/${encodeURIComponent(id.replace('replay~', ''))}`,
  approval: (id: string): string => `/console/approvals/${encodeURIComponent(id)}`,
  table: (table: string): string => `/console/tables/${encodeURIComponent(table)}`,
  search: (filter: Readonly<Record<string, string | undefined>>): string =>
    withQuery('/console/search', filter),
}

/** A path with a query of what is not undefined; without one where nothing is left. */
export function withQuery(
  path: string,
  query: Readonly<Record<string, string | undefined>>,
): string {
  const given = Object.entries(query).flatMap(([name, value]): readonly [string, string][] =>
    value === undefined || value === '' ? [] : [[name, value]],
  )
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`
}
