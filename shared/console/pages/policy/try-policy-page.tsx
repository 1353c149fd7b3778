import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'

import { policyProblems, whatIfReport } from '../../views/policy-view.ts'
import { Empty } from '../components/empty.tsx'
import { Panel } from '../components/panel.tsx'
import type { ConsoleEnv } from '../console-env.ts'
import { showPage } from '../show-page.tsx'
import { showProblem } from '../show-problem.tsx'
import { NumberedCode } from './numbered-code.tsx'
import { Report } from './report.tsx'
import { TryForm } from './try-form.tsx'

const DAY_MS = 24 * 60 * 60_000

const form = z.object({
  policy: z.string().min(1),
  days: z.enum(['1', '7', '30', '90']).default('7'),
})

const facts = {
  section: 'policy',
  trail: [{ name: 'Policy', href: '/console/policy' }],
} as const

/** `POST /console/policy/what-if`: what another policy would have said; or what is wrong with it, each beside its line. */
export async function tryPolicy(c: Context<ConsoleEnv>): Promise<Response> {
  const said = form.safeParse(await c.req.parseBody())
  if (!said.success)
    return showProblem(c, { status: 400, message: 'That form was not understood: send it again.' })
  // Forms send lines with CRLF, whatever they were.
  const policy = said.data.policy.replaceAll('\r\n', '\n')
  const { days } = said.data
  const ask = c.get('ask')
  const again = <TryForm csrf={c.get('viewer').csrf} policy={policy} days={days} />
  const checked = await ask(
    { method: 'POST', path: '/v1/policy/check', body: { policy } },
    policyProblems,
  )
  if (!checked.ok) return showProblem(c, checked.error, { ...facts, title: 'What if' })
  const { problems } = checked.value
  if (problems.length > 0) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
    return showPage(
      c,
      { ...facts, title: 'Not a policy', lead: `${count}: a gateway would refuse it.` },
      <>
        <Panel title="What is wrong with it" id="problems">
          <ul>
            {problems.map(({ message, line, column }) => (
              <li>
                <a href={`#L${line ?? 1}`}>{`Line ${line ?? 1}, column ${column ?? 1}`}</a>
                {`: ${message}`}
              </li>
            ))}
          </ul>
          <NumberedCode text={policy} problems={problems} />
        </Panel>
        <Panel title="What if">{again}</Panel>
      </>,
      400,
    )
  }
  const now = c.get('at')
  const from = new Date(now - Number(days) * DAY_MS).toISOString()
  const to = new Date(now).toISOString()
  const body = { policy, from, to }
  const report = await ask({ method: 'POST', path: '/v1/what-if', body }, whatIfReport)
  if (!report.ok) return showProblem(c, report.error, { ...facts, title: 'What if' })
  return showPage(
    c,
    { ...facts, title: 'What if', lead: 'What this policy would have said to recorded calls.' },
    <>
      {report.value.calls === 0 ? (
        <Panel title="Result">
          <Empty title="No call is on the record of that time." />
        </Panel>
      ) : (
        <Report report={report.value} />
      )}
      <Panel title="Try again">{again}</Panel>
    </>,
  )
}
