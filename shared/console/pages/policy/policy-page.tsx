import type { Context } from 'hono'

import { type PolicyView, policyView } from '../../views/policy-view.ts'
import { Code } from '../components/code.tsx'
import { Copyable } from '../components/copyable.tsx'
import { type Column, DataTable } from '../components/data-table.tsx'
import { Empty } from '../components/empty.tsx'
import { Facts } from '../components/facts.tsx'
import { Panel } from '../components/panel.tsx'
import { Time } from '../components/time.tsx'
import { Who } from '../components/who.tsx'
import type { ConsoleEnv } from '../console-env.ts'
import { showPage } from '../show-page.tsx'
import { showProblem } from '../show-problem.tsx'
import { NumberedCode } from './numbered-code.tsx'
import { EXAMPLE_CASES, TestForm } from './test-form.tsx'
import { TryForm } from './try-form.tsx'

const facts = { title: 'Policy', section: 'policy' } as const

/** `GET /console/policy`: the file in force, since when, and a form to try another one. */
export async function showPolicy(c: Context<ConsoleEnv>): Promise<Response> {
  const found = await c.get('ask')({ path: '/v1/policy' }, policyView)
  if (!found.ok) return showProblem(c, found.error, facts)
  const { csrf } = c.get('viewer')
  return showPage(
    c,
    {
      ...facts,
      lead: 'Who may ask what, what is masked, and what waits for people.',
      actions: (
        <a class="button" href="#what-if">
          Try another one
        </a>
      ),
    },
    <Body policy={found.value} csrf={csrf} />,
  )
}

function Body({ policy, csrf }: { readonly policy: PolicyView; readonly csrf: string }) {
  const { digest, text, history } = policy
  const since = history.find(({ what, after }) => what === 'policy' && after === digest)
  return (
    <>
      <Panel title="In force" id="in-force">
        <Facts
          facts={[
            [
              'Digest',
              <Copyable text={digest} shown={digest.slice(0, 12)} what="digest of the policy" />,
            ],
            ['Since', since === undefined ? 'not on the record yet' : <Time at={since.at} />],
          ]}
        />
        <NumberedCode text={text} />
      </Panel>
      <Panel title="What if" id="what-if">
        <TryForm csrf={csrf} policy={text} days="7" />
      </Panel>
      <Panel title="Tests" id="tests">
        <TestForm csrf={csrf} cases={EXAMPLE_CASES} />
        <p>
          Before a policy is deployed they run without a gateway, all files of a folder at once:
        </p>
        <Code
          code="sluice policy test tests/ --policy policy.yaml"
          language="yaml"
          what="command"
        />
      </Panel>
      <Panel title="History" id="history" flush>
        {history.length === 0 ? (
          <Empty title="No change is on the record." />
        ) : (
          <DataTable caption="History" columns={columns} rows={history} />
        )}
      </Panel>
    </>
  )
}

type Change = PolicyView['history'][number]

const columns: readonly Column<Change>[] = [
  { head: 'When', cell: ({ at }) => <Time at={at} /> },
  { head: 'What', cell: ({ what }) => (what === 'policy' ? 'Policy' : 'Kill switch') },
  { head: 'Before', cell: ({ before }) => <State state={before} /> },
  { head: 'After', wide: true, cell: ({ after }) => <State state={after} /> },
  {
    head: 'By',
    cell: ({ by }) =>
      by === undefined ? <span class="muted">a deployment</span> : <Who person={by} />,
  },
]

function State({ state }: { readonly state: string | undefined }) {
  if (state === undefined) return <span class="muted">none</span>
  return <code title={state}>{state.slice(0, 12)}</code>
}
