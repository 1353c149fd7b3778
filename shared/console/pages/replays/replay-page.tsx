import type { Context } from 'hono'

import { visibleLine } from '../../../approval-desk/visible-text.ts'
import { VERDICTS } from '../../replay/replay-words.ts'
import { type ReplayReport, replayReport } from '../../views/replay-view.ts'
import { Badge, type Tone } from '../components/badge.tsx'
import { Copyable } from '../components/copyable.tsx'
import { Facts } from '../components/facts.tsx'
import { Panel } from '../components/panel.tsx'
import { Count } from '../components/quantities.tsx'
import { Time } from '../components/time.tsx'
import type { ConsoleEnv } from '../console-env.ts'
import { places } from '../places.ts'
import { showPage } from '../show-page.tsx'
import { showProblem } from '../show-problem.tsx'
import { ComparedCalls } from './compared-calls.tsx'

/** `GET /console/replays/{id}`: how recorded calls compare with what they do in a sandbox. */
export async function showReplay(c: Context<ConsoleEnv>): Promise<Response> {
  const id = c.req.param('id') ?? ''
  const path = `/v1/replays/${encodeURIComponent(id)}`
  const report = await c.get('ask')({ path }, replayReport)
  if (!report.ok) return showProblem(c, report.error, { section: 'sessions' })
  return showPage(
    c,
    {
      title: 'Replay',
      lead: 'Recorded calls, run again in a sandbox, and how that compares.',
      section: 'sessions',
      trail: [
        { name: 'Sessions', href: '/console/sessions' },
        { name: 'What was replayed', href: places.session(report.value.of) },
      ],
    },
    <Body report={report.value} />,
  )
}

function Body({ report }: { readonly report: ReplayReport }) {
  const { verdict, calls, connection, asOf, at, of, session, replay } = report
  const [tone, words] = verdicts[verdict]
  return (
    <>
      <Panel title="Verdict">
        <p class="replay-verdict">
          <Badge tone={tone}>{words}</Badge> {sentence(VERDICTS[verdict])}
        </p>
        <Facts
          facts={[
            ['Replayed', <a href={places.session(of)}>the session as it was</a>],
            [
              'The replay itself',
              session === '' ? undefined : (
                <a href={places.session(session)}>a session of its own</a>
              ),
            ],
            ['Sandbox', visibleLine(connection, 200)],
            [
              'On data',
              asOf === undefined ? (
                'as it is now'
              ) : (
                <span>
                  as it was when each call was asked, the first <Time at={asOf} />
                </span>
              ),
            ],
            ['Ended', <Time at={at} />],
            ['Calls', <Count of={calls.length} />],
            ['Entry', <Copyable text={replay} what="the id of the entry" />],
          ]}
        />
      </Panel>
      <Panel title="Call by call" id="calls" flush>
        <ComparedCalls calls={calls} />
      </Panel>
      <Panel title="What this shows" id="limits">
        <p>
          Each call was decided on by the policy in force when it was replayed, as whoever asked it,
          and ran on other tables: those that stand for its own in the sandbox. Rows are compared by
          digests, and nobody is shown a row of a replay.
        </p>
        <p>
          A difference may be in the data, in the policy, or in a query that gives another answer
          each time; the same digests say that these rows come out of what was asked. It is no proof
          of what was seen then: that is the record, whose entries can be verified.
        </p>
      </Panel>
    </>
  )
}

const verdicts: Readonly<Record<ReplayReport['verdict'], readonly [Tone, string]>> = {
  same: ['good', 'same'],
  different: ['bad', 'different'],
  'not-known': ['warn', 'not known'],
  'nothing-run': ['quiet', 'nothing run'],
}

function sentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`
}
