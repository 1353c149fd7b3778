import type { Context } from 'hono'

import { type LogView, type VerdictView, logView } from '../../views/log-view.ts'
import { Empty } from '../components/empty.tsx'
import { Panel } from '../components/panel.tsx'
import type { ApiProblem, ConsoleEnv } from '../console-env.ts'
import { showPage } from '../show-page.tsx'
import { showProblem } from '../show-problem.tsx'
import { Batches } from './batches.tsx'
import { Checkpoint } from './checkpoint.tsx'
import { Health } from './health.tsx'
import { Verdict } from './verdict.tsx'
import { VerifyForm } from './verify-form.tsx'
import { Witnesses } from './witnesses.tsx'

/** What came of verifying, if somebody has just asked for it. */
export type Verified = { readonly verdict: VerdictView } | { readonly problem: ApiProblem }

/** `GET /console/log`: how the log stands, and who vouches for it; for auditors with a way to verify it now. */
export async function showLog(c: Context<ConsoleEnv>, verified?: Verified): Promise<Response> {
  const log = await c.get('ask')({ path: '/v1/log' }, logView)
  if (!log.ok) return showProblem(c, log.error, { section: 'log' })
  const isAuditor = c.get('viewer').roles.includes('auditor')
  const form = isAuditor ? <VerifyForm csrf={c.get('viewer').csrf} /> : undefined
  return showPage(
    c,
    {
      title: 'Log',
      lead: 'Every entry of the record becomes a leaf of a Merkle log, which two keys sign and witnesses cosign.',
      section: 'log',
    },
    <Body log={log.value} form={form} verified={verified} />,
    statusOf(verified),
  )
}

function statusOf(verified: Verified | undefined): 200 | 400 | 403 | 503 {
  if (verified === undefined || 'verdict' in verified) return 200
  const { status } = verified.problem
  return status === 400 || status === 403 ? status : 503
}

function Body({
  log,
  form,
  verified,
}: {
  readonly log: LogView
  readonly form: ReturnType<typeof VerifyForm> | undefined
  readonly verified: Verified | undefined
}) {
  const { health, checkpoint, keys, witnesses, batches } = log
  return (
    <div class="call">
      <div class="main-column">
        {verified && <Verdict verified={verified} />}
        <Panel title="Newest batches" flush>
          <Batches batches={batches} />
        </Panel>
        <Panel title="Checkpoint, as published" id="checkpoint">
          {checkpoint === undefined ? (
            <Empty title="Nothing is sealed yet." />
          ) : (
            <Checkpoint note={checkpoint} keys={keys} />
          )}
        </Panel>
      </div>
      <div class="side-column">
        <Panel title="Health">
          <Health health={health} />
        </Panel>
        {form && <Panel title="Verify now">{form}</Panel>}
        <Panel title="Witnesses">
          <Witnesses witnesses={witnesses} quorum={health.witnesses?.quorum ?? 0} />
        </Panel>
      </div>
    </div>
  )
}
