import type { Context } from 'hono'

import { type CallList, callList } from '../../views/call-view.ts'
import { savedSearches } from '../../views/review-view.ts'
import { Empty } from '../components/empty.tsx'
import { Pagination } from '../components/pagination.tsx'
import { Panel } from '../components/panel.tsx'
import { Problem } from '../components/problem.tsx'
import { Count } from '../components/quantities.tsx'
import { Time } from '../components/time.tsx'
import type { ConsoleEnv } from '../console-env.ts'
import { showPage } from '../show-page.tsx'
import { showProblem } from '../show-problem.tsx'
import { CallTable } from './call-table.tsx'
import { Chips } from './chips.tsx'
import { ExportLinks } from './export-links.tsx'
import { Facets } from './facets.tsx'
import { type Pair, pairsOf, searchUrl, urlOf } from './pairs.ts'
import { readSearch } from './read-search.ts'
import { SaveSearch, SavedList } from './saved.tsx'
import { SearchForm } from './search-form.tsx'
import { searchText } from './search-text.ts'

const facts = { title: 'Search', section: 'search', hasSearch: true } as const

/**
 * `GET /console/search`: calls that match. What was written in one line, or chosen by a name, becomes filters in the address
 * first: the address of a search says all of it.
 */
export async function showSearch(c: Context<ConsoleEnv>): Promise<Response> {
  const read = readSearch(c)
  if (!read.ok) {
    const { line, problems } = read.error
    return showPage(
      c,
      facts,
      <SearchForm pairs={pairsOf(c)} line={line} problems={problems} isOpen={false} />,
      400,
    )
  }
  if ('to' in read.value) return c.redirect(read.value.to, 303)
  const { pairs } = read.value
  const pageToken = c.req.query('pageToken')
  const page: readonly Pair[] = pageToken === undefined ? [] : [['pageToken', pageToken]]
  const ask = c.get('ask')
  const [list, saved] = await Promise.all([
    ask({ path: urlOf('/v1/calls', pairs, page) }, callList),
    ask({ path: '/v1/searches' }, savedSearches),
  ])
  const line = searchText(pairs)
  const form = <SearchForm pairs={pairs} line={line} problems={[]} isOpen={false} />
  // What is wrong with a filter is said beside the form that can change it.
  if (!list.ok && list.error.status === 400)
    return showPage(
      c,
      facts,
      <>
        {form}
        <Problem problem={list.error} />
      </>,
      400,
    )
  if (!list.ok) return showProblem(c, list.error, facts)
  const { csrf } = c.get('viewer')
  return showPage(
    c,
    { ...facts, lead: <Found list={list.value} pairs={pairs} /> },
    <>
      {form}
      <Chips pairs={pairs} />
      <div class="search">
        <div class="facets">
          <Facets facets={list.value.facets} counted={list.value.counted} pairs={pairs} />
          <SavedList searches={saved.ok ? saved.value.searches : []} csrf={csrf} />
        </div>
        <Panel
          title="Calls, newest first"
          id="calls"
          aside={<ExportLinks pairs={pairs} />}
          flush
          class="results"
        >
          {list.value.calls.length === 0 ? (
            <Empty
              title={pairs.length === 0 ? 'Nothing is on the record yet.' : 'No call matches.'}
            >
              {pairs.length === 0 ? (
                'The first query through Sluice will be here.'
              ) : (
                <a href="/console/search">Search without filters</a>
              )}
            </Empty>
          ) : (
            <CallTable calls={list.value.calls} />
          )}
        </Panel>
      </div>
      <Pagination
        label="More calls"
        first={pageToken === undefined ? undefined : searchUrl(pairs)}
        next={
          list.value.nextPageToken &&
          urlOf('/console/search', pairs, [['pageToken', list.value.nextPageToken]])
        }
      />
      {pairs.length > 0 && <SaveSearch pairs={pairs} csrf={csrf} />}
    </>,
  )
}

function Found({ list, pairs }: { readonly list: CallList; readonly pairs: readonly Pair[] }) {
  const { counted, indexedUpTo } = list
  return (
    <>
      <Count of={counted.calls} />
      {counted.isAll ? '' : ' or more'} {counted.calls === 1 ? 'call' : 'calls'}
      {pairs.length === 0 ? ' on the record' : counted.calls === 1 ? ' matches' : ' match'}
      {indexedUpTo !== undefined && (
        <>
          {'; everything until '}
          <Time at={indexedUpTo} />
          {' can be found'}
        </>
      )}
    </>
  )
}
