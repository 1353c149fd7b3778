import { REPORT, type Review } from '../../views/review-view.ts'
import { Badge } from '../components/badge.tsx'
import { DataTable } from '../components/data-table.tsx'
import { Empty } from '../components/empty.tsx'
import { Plain } from '../components/plain.tsx'
import { Said } from '../components/said.tsx'
import { Time } from '../components/time.tsx'
import { Who } from '../components/who.tsx'
import { withQuery } from '../places.ts'

/** Who looked at what, and what they found. */
export function ReviewList({ reviews }: { readonly reviews: readonly Review[] }) {
  if (reviews.length === 0)
    return (
      <Empty title="Nobody has signed a review yet.">
        A review says who looked at which part of the record, and what they found.
      </Empty>
    )
  return (
    <DataTable
      caption="Reviews, newest first"
      rows={reviews}
      columns={[
        { head: 'Signed', cell: ({ at }) => <Time at={at} /> },
        { head: 'Reviewer', cell: ({ reviewer }) => <Who person={reviewer} /> },
        { head: 'Period', cell: (review) => <Period review={review} /> },
        { head: 'What of it', cell: (review) => <Part review={review} /> },
        {
          head: 'Verdict',
          cell: ({ verdict }) =>
            verdict === 'findings' ? (
              <Badge tone="warn">findings</Badge>
            ) : (
              <Badge tone="good">nothing found</Badge>
            ),
        },
        {
          head: 'Findings',
          wide: true,
          cell: ({ findings }) =>
            findings === '' ? <span class="muted">–</span> : <Said words={findings} />,
        },
      ]}
    />
  )
}

function Period({ review: { from, to } }: { readonly review: Review }) {
  return (
    <span>
      <Time at={from} /> to <Time at={to} />
    </span>
  )
}

function Part({ review: { query, from, to } }: { readonly review: Review }) {
  if (query === REPORT)
    return <a href={withQuery('/console/report', { from, to })}>the evidence report</a>
  if (query === '') return <>everything</>
  const search = new URLSearchParams(query)
  search.set('from', from)
  search.set('to', to)
  return (
    <a href={`/console/search?${search.toString()}`}>
      <Plain words={query} />
    </a>
  )
}
