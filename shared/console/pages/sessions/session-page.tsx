import type { Context } from 'hono'

import { visibleLine } from '../../../approval-desk/visible-text.ts'
import { type SessionView, sessionView } from '../../views/session-view.ts'
import { Entries } from '../calls/entries.tsx'
import { Empty } from '../components/empty.tsx'
import { Panel } from '../components/panel.tsx'
import { PostForm } from '../components/post-form.tsx'
import type { ConsoleEnv } from '../console-env.ts'
import { places, withQuery } from '../places.ts'
import { showPage } from '../show-page.tsx'
import { showProblem } from '../show-problem.tsx'
import { SessionFacts } from './session-facts.tsx'
import { Trace } from './trace.tsx'

/** `GET /console/sessions/{session}`: what a session did, over time. */
export async function showSession(c: Context<ConsoleEnv>): Promise<Response> {
  const id = c.req.param('session') ?? ''
  const pageToken = c.req.query('pageToken')
  const path = withQuery(`/v1/sessions/${encodeURIComponent(id)}`, { pageToken })
  const session = await c.get('ask')({ path }, sessionView)
  if (!session.ok) return showProblem(c, session.error, { section: 'sessions' })
  const { summary } = session.value
  const { email, subject } = summary.principal
  const { csrf, roles } = c.get('viewer')
  return showPage(
    c,
    {
      title: `Session of ${visibleLine(email ?? subject, 200)}`,
      section: 'sessions',
      trail: [{ name: 'Sessions', href: '/console/sessions' }],
      actions: (
        <>
          <a class="button" href={withQuery(places.playback(summary.session), { pageToken })}>
            Play it back
          </a>
          {roles.includes('auditor') && (
            <PostForm action="/console/replays" csrf={csrf} label="Replay this session">
              <input type="hidden" name="session" value={summary.session} />
              <label class="check">
                <input type="checkbox" name="asOf" value="then" />
                on data as it was
              </label>
              <button>Replay in the sandbox</button>
            </PostForm>
          )}
        </>
      ),
    },
    <Body session={session.value} pageToken={pageToken} />,
  )
}

function Body({
  session,
  pageToken,
}: {
  readonly session: SessionView
  readonly pageToken: string | undefined
}) {
  const { summary, calls, entries, nextPageToken } = session
  const here = places.session(summary.session)
  return (
    <>
      <Panel title="Who, through what, from where" id="facts">
        <SessionFacts session={session} />
      </Panel>
      <Panel title="What happened" id="timeline" aside={<Exports session={summary.session} />}>
        {calls.length === 0 ? (
          <Empty title="It asked for nothing." />
        ) : (
          <Trace
            calls={calls}
            play={(at) => withQuery(places.playback(summary.session), { pageToken, at })}
          />
        )}
        {(pageToken ?? nextPageToken) !== undefined && (
          <nav class="pages" aria-label="More of this session">
            {pageToken !== undefined && (
              <a class="button" href={here}>
                From the start
              </a>
            )}
            {nextPageToken !== undefined && (
              <a class="button" rel="next" href={withQuery(here, { pageToken: nextPageToken })}>
                Later calls
              </a>
            )}
          </nav>
        )}
      </Panel>
      <Panel title="The session on the record" id="entries">
        <Entries entries={entries} receipts={[]} />
      </Panel>
    </>
  )
}

function Exports({ session }: { readonly session: string }) {
  const formats = [
    ['bundle', 'bundle with proofs'],
    ['csv', 'CSV'],
    ['ocsf', 'OCSF'],
  ] as const
  return (
    <span class="exports">
      Export:{' '}
      {formats.map(([format, words]) => (
        <a href={withQuery('/console/export', { session, format })} download>
          {words}
        </a>
      ))}
    </span>
  )
}
