import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'

import { type PolicyTestReport, policyTestReport } from '../../views/policy-view.ts'
import { Badge } from '../components/badge.tsx'
import { type Column, DataTable } from '../components/data-table.tsx'
import { Panel } from '../components/panel.tsx'
import type { ConsoleEnv } from '../console-env.ts'
import { showPage } from '../show-page.tsx'
import { showProblem } from '../show-problem.tsx'
import { TestForm } from './test-form.tsx'

const form = z.object({ cases: z.string().min(1) })

const facts = {
  title: 'Policy tests',
  section: 'policy',
  trail: [{ name: 'Policy', href: '/console/policy' }],
} as const

/** `POST /console/policy/test`: whether the policy in force decides as the cases say, and where it does not. */
export async function testPolicyPage(c: Context<ConsoleEnv>): Promise<Response> {
  const said = form.safeParse(await c.req.parseBody())
  if (!said.success)
    return showProblem(c, { status: 400, message: 'That form was not understood: send it again.' })
  const cases = said.data.cases.replaceAll('\r\n', '\n')
  const tested = await c.get('ask')(
    { method: 'POST', path: '/v1/policy/test', body: { cases } },
    policyTestReport,
  )
  if (!tested.ok) return showProblem(c, tested.error, facts)
  return showPage(
    c,
    { ...facts, lead: leadOf(tested.value) },
    <>
      <Panel title="Cases" flush>
        <DataTable caption="Cases" columns={columns} rows={tested.value.cases} />
      </Panel>
      <Panel title="Test others">
        <TestForm csrf={c.get('viewer').csrf} cases={cases} />
      </Panel>
    </>,
  )
}

function leadOf({ passed, cases, isAll }: PolicyTestReport): string {
  const left = isAll ? '' : '; the others were left out, as the time was over'
  return `${passed} of ${cases.length} cases pass${left}.`
}

type Case = PolicyTestReport['cases'][number]

const columns: readonly Column<Case>[] = [
  { head: 'Case', wide: true, cell: ({ name }) => name },
  {
    head: 'Result',
    cell: ({ differences }) =>
      differences.length === 0 ? (
        <Badge tone="good">passes</Badge>
      ) : (
        <Badge tone="bad">fails</Badge>
      ),
  },
  {
    head: 'Where it decides otherwise',
    wide: true,
    cell: ({ differences }) =>
      differences.length === 0 ? (
        <span class="muted">nowhere</span>
      ) : (
        <ul class="names">
          {differences.map(({ what, expected, actual }) => (
            <li>
              <code>{what}</code>: expected <code>{expected}</code>, decided <code>{actual}</code>
            </li>
          ))}
        </ul>
      ),
  },
]
