import type { Context } from 'hono'

import { evidenceReport } from '../../views/review-view.ts'
import { Panel } from '../components/panel.tsx'
import type { ConsoleEnv } from '../console-env.ts'
import { withQuery } from '../places.ts'
import { spanOfDates } from '../reviews/span-of-dates.ts'
import { showPage } from '../show-page.tsx'
import { showProblem } from '../show-problem.tsx'
import { PeriodForm } from './period-form.tsx'
import { ReportBody } from './report-body.tsx'

const FACTS = {
  section: 'reviews',
  trail: [{ name: 'Reviews', href: '/console/reviews' }],
} as const

/** `GET /console/report`: the evidence for a period, to be printed and signed off; without one a form to choose it. */
export async function showReport(c: Context<ConsoleEnv>): Promise<Response> {
  const { from, to } = c.req.query()
  const span = spanOfDates(from, to, new Date().getTime())
  if (span === undefined) {
    const isAsked = from !== undefined || to !== undefined
    return showPage(
      c,
      { ...FACTS, title: 'Evidence report' },
      <Panel title="Which period">
        {isAsked && (
          <p class="note bad" role="alert">
            The period has to begin before it ends, and to have begun.
          </p>
        )}
        <PeriodForm />
      </Panel>,
      isAsked ? 400 : 200,
    )
  }
  const report = await c.get('ask')({ path: withQuery('/v1/report', { ...span }) }, evidenceReport)
  if (!report.ok) return showProblem(c, report.error, FACTS)
  return showPage(
    c,
    {
      ...FACTS,
      title: 'Evidence report',
      lead: 'What the record shows of a period, and what it does not. It helps whoever audits, and makes nobody compliant.',
    },
    <ReportBody
      report={report.value}
      csrf={c.get('viewer').csrf}
      isSigned={c.req.query('did') === 'signed'}
    />,
  )
}
