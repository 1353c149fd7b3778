import type { CallView } from '../../views/call-view.ts'
import { PostForm } from '../components/post-form.tsx'
import { Time } from '../components/time.tsx'
import { places } from '../places.ts'

/** Calls that ran this one again, and a form to do so in a sandbox, for whoever may: those have a `csrf`. */
export function Replays({
  call,
  csrf,
}: {
  readonly call: CallView
  readonly csrf: string | undefined
}) {
  const { replays, summary } = call
  return (
    <>
      {replays.length === 0 ? (
        <p class="muted">Nobody has run it again.</p>
      ) : (
        <ul class="history">
          {replays.map((replay) => (
            <li>
              <a href={places.call(replay.call)}>
                Run again <Time at={replay.at} />
              </a>
            </li>
          ))}
        </ul>
      )}
      {csrf !== undefined && summary.decision !== 'refused' && (
        <PostForm
          action="/console/replays"
          csrf={csrf}
          label="Run again in a sandbox"
          class="stack"
        >
          <input type="hidden" name="call" value={summary.call} />
          <label class="row check">
            <input type="checkbox" name="asOf" value="then" />
            On the data as it was then, if BigQuery still has it
          </label>
          <button>Run again in the sandbox</button>
        </PostForm>
      )}
    </>
  )
}
