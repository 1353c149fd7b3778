import type { Context } from 'hono'

import { approvalList } from '../../../approval-desk/api/approval-view.ts'
import { type Overview, overview } from '../../views/overview-view.ts'
import { Empty } from '../components/empty.tsx'
import { HorizontalBars } from '../components/horizontal-bars.tsx'
import { Panel } from '../components/panel.tsx'
import { Time } from '../components/time.tsx'
import type { ConsoleEnv } from '../console-env.ts'
import { withQuery } from '../places.ts'
import { type Pair, searchUrl } from '../search/pairs.ts'
import { rangeNamed } from '../search/ranges.ts'
import { SearchLine } from '../search/search-form.tsx'
import { showPage } from '../show-page.tsx'
import { showProblem } from '../show-problem.tsx'
import { Activity } from './activity.tsx'
import { Flagged } from './flagged.tsx'
import { LogHealth } from './log-health.tsx'
import { Waiting } from './waiting.tsx'

const facts = { title: 'Overview', section: 'overview', hasSearch: true } as const

const HOUR_MS = 60 * 60_000

const RANGES = [
  ['day', '24 hours'],
  ['week', '7 days'],
  ['month', '30 days'],
] as const

/** `GET /console`: what happened lately, what waits, and a question. Whoever may read nothing sees what waits for them. */
export async function showOverview(c: Context<ConsoleEnv>): Promise<Response> {
  const range = RANGES.find(([name]) => name === c.req.query('range'))?.[0] ?? 'day'
  const ask = c.get('ask')
  const { roles } = c.get('viewer')
  const isReader = roles.includes('auditor') || roles.includes('requester')
  const path = withQuery('/v1/overview', { ...rangeNamed(range, endOfHour(c.get('at'))) })
  const [waiting, seen] = await Promise.all([
    ask({ path: '/v1/approvals' }, approvalList),
    isReader ? ask({ path }, overview) : undefined,
  ])
  if (!waiting.ok && waiting.error.status === 401) return showProblem(c, waiting.error, facts)
  if (seen?.ok === false) return showProblem(c, seen.error, facts)
  const approvals = <Waiting approvals={waiting} />
  if (seen === undefined)
    return showPage(
      c,
      facts,
      <>
        {approvals}
        <Empty title="The record is for auditors and requesters.">
          Policy gives roles to groups; none of yours has one of these.
        </Empty>
      </>,
    )
  return showPage(
    c,
    { ...facts, actions: <RangeLinks chosen={range} />, lead: <Span of={seen.value} /> },
    <>
      <Panel title="Who read what?" id="question">
        <SearchLine line="" isWrong={false} />
        <p class="muted small">
          {'For instance '}
          <a href="/console/search?column=patients.ssn&range=quarter">
            who read patients.ssn this quarter
          </a>
          {', '}
          <a href="/console/search?column=patients.ssn&range=last-quarter">last quarter</a>
          {', '}
          <a href="/console/search?column=patients.ssn&range=90-days">in the last 90 days</a>
          {'; or '}
          <a href="/console/search?decision=deny">what was denied</a>.
        </p>
      </Panel>
      <div class="lately">
        <Panel title="Activity" aside={<Totals of={seen.value} />}>
          <Activity of={seen.value} />
        </Panel>
        <div class="columns">
          {approvals}
          <LogHealth log={seen.value.log} />
        </div>
      </div>
      <Tops of={seen.value} />
      <Flagged calls={seen.value.flagged} />
    </>,
  )
}

/** Bars that begin with an hour are easier to read. */
function endOfHour(at: number): number {
  return Math.ceil(at / HOUR_MS) * HOUR_MS
}

function RangeLinks({ chosen }: { readonly chosen: string }) {
  return (
    <nav class="segments" aria-label="Stretch of time">
      {RANGES.map(([name, words]) => (
        <a
          href={withQuery('/console', { range: name })}
          aria-current={name === chosen || undefined}
        >
          {words}
        </a>
      ))}
    </nav>
  )
}

function Span({ of: { from, to } }: { readonly of: Overview }) {
  return (
    <>
      <Time at={from} />
      {' to '}
      <Time at={to} />
    </>
  )
}

function Totals({ of: { totals } }: { readonly of: Overview }) {
  const { calls, deny, requireApproval, refused } = totals
  return (
    <>
      {`${calls.toLocaleString('en-US')} calls, ${requireApproval} needed approval, ${deny} denied, ${refused} refused`}
    </>
  )
}

function Tops({
  of: { topTables, topPrincipals, topRules, from, to, counted },
}: {
  readonly of: Overview
}) {
  const when: readonly Pair[] = [
    ['from', from],
    ['to', to],
  ]
  const tops = [
    ['Most asked tables', 'table', topTables],
    ['Who asks most', 'principal', topPrincipals],
    ['Rules that decide most', 'rule', topRules],
  ] as const
  const aside = counted.isAll ? undefined : `of the newest ${counted.calls}`
  return (
    <div class="columns">
      {tops.map(([title, filter, top]) => (
        <Panel title={title} aside={aside}>
          {top.length === 0 ? (
            <p class="muted">Nothing in this time.</p>
          ) : (
            <HorizontalBars
              label={title}
              bars={top.map(({ value, label, count }) => ({
                label,
                count,
                href: searchUrl([[filter, value], ...when]),
              }))}
            />
          )}
        </Panel>
      ))}
    </div>
  )
}
