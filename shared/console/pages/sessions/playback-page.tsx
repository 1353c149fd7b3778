import type { Context } from 'hono'

import { visibleLine } from '../../../approval-desk/visible-text.ts'
import { type CallView, callView } from '../../views/call-view.ts'
import { type SessionView, sessionView } from '../../views/session-view.ts'
import { Empty } from '../components/empty.tsx'
import { Panel } from '../components/panel.tsx'
import type { ConsoleEnv } from '../console-env.ts'
import { places, withQuery } from '../places.ts'
import { showPage } from '../show-page.tsx'
import { showProblem } from '../show-problem.tsx'
import { FrameList } from './frame-list.tsx'
import { type Frame, framesOf } from './frames-of.ts'
import { Moment } from './moment.tsx'
import { PlaybackControls } from './playback-controls.tsx'

/** `GET /console/sessions/{session}/playback`: a recorded session as it happened, one entry at a time. Runs nothing. */
export async function showPlayback(c: Context<ConsoleEnv>): Promise<Response> {
  const id = c.req.param('session') ?? ''
  const pageToken = c.req.query('pageToken')
  const path = withQuery(`/v1/sessions/${encodeURIComponent(id)}`, { pageToken })
  const session = await c.get('ask')({ path }, sessionView)
  if (!session.ok) return showProblem(c, session.error, { section: 'sessions' })
  const frames = framesOf(session.value)
  const index = indexOf(frames, c.req.query('step'), c.req.query('at'))
  const frame = frames[index]
  if (frame === undefined) return showPage(c, factsOf(session.value), <Nothing />)
  const callPath = `/v1/calls/${encodeURIComponent(frame.call.summary.call)}`
  const call = await c.get('ask')({ path: callPath }, callView)
  if (!call.ok) return showProblem(c, call.error, { section: 'sessions' })
  const hrefOf = (to: number) =>
    withQuery(places.playback(session.value.summary.session), { pageToken, step: String(to + 1) })
  return showPage(
    c,
    factsOf(session.value),
    <Player frames={frames} index={index} frame={frame} call={call.value} hrefOf={hrefOf} />,
  )
}

interface PlayerProps {
  readonly frames: readonly Frame[]
  readonly index: number
  readonly frame: Frame
  readonly call: CallView
  /** Address of a step, from 0. */
  readonly hrefOf: (index: number) => string
}

function Player({ frames, index, frame, call, hrefOf }: PlayerProps) {
  return (
    <div class="playback">
      <PlaybackControls frames={frames} index={index} hrefOf={hrefOf} />
      <div class="playback-parts">
        <Moment frame={frame} call={call} />
        <Panel title="Steps" id="steps" aside={`${frames.length} in all`}>
          <FrameList frames={frames} index={index} hrefOf={hrefOf} />
        </Panel>
      </div>
    </div>
  )
}

function Nothing() {
  return <Empty title="There is nothing to play: it asked for nothing." />
}

/** The step that is asked for, from 0: by number, from 1, or by entry. One that there is not is the nearest there is. */
function indexOf(
  frames: readonly Frame[],
  step: string | undefined,
  entry: string | undefined,
): number {
  const byEntry = frames.findIndex((frame) => frame.step.entry === entry)
  const asked = /^\d{1,9}$/.test(step ?? '') ? Number(step) - 1 : byEntry
  return Math.max(0, Math.min(frames.length - 1, asked))
}

function factsOf({ summary }: SessionView) {
  const { email, subject } = summary.principal
  return {
    title: 'Playback',
    lead: 'From the record, as it happened. Nothing is run again.',
    section: 'sessions',
    trail: [
      { name: 'Sessions', href: '/console/sessions' },
      {
        name: `Session of ${visibleLine(email ?? subject, 200)}`,
        href: places.session(summary.session),
      },
    ],
  } as const
}
