import { callFilter } from '../views/call-filter.ts'

/** Whether a text is the query of a search's URL: filters that are known, at least one. */
export function isSearch(query: string): boolean {
  const given = new URLSearchParams(query)
  const names = [...new Set(given.keys())]
  const filter = names.map((name) => {
    const values = given.getAll(name)
    return [name, values.length === 1 ? values[0] : values] as const
  })
  return names.length > 0 && callFilter.safeParse(Object.fromEntries(filter)).success
}
