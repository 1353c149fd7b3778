import { visibleLine } from '../../../approval-desk/visible-text.ts'
import type { SessionView } from '../../views/session-view.ts'
import { Time } from '../components/time.tsx'
import { durationWords } from '../duration-words.ts'
import { places } from '../places.ts'

type Step = SessionView['calls'][number]['steps'][number]

interface Props {
  readonly steps: readonly Step[]
  /** When the call began, epoch milliseconds. */
  readonly from: number
  readonly call: string
  /** Address of the playback, from an entry on. */
  readonly play: (entry: string) => string
}

/** What happened to a call, oldest first: each an entry of the record. */
export function StepList({ steps, from, call, play }: Props) {
  return (
    <ol class="steps">
      {steps.map(({ entry, type, at, summary }) => (
        <li>
          <span class="after num">+{durationWords(Date.parse(at) - from)}</span>
          <span class={`step-type ${kinds[type] ?? 'other'}`}>{type}</span>
          <span class="step-words">{visibleLine(summary, 1_000, 'words')}</span>
          <span class="step-links">
            <Time at={at} precise />
            <a href={`${places.call(call)}#${encodeURIComponent(entry)}`}>entry</a>
            <a href={play(entry)}>play from here</a>
          </span>
        </li>
      ))}
    </ol>
  )
}

/** Classes by what a step is; others look like nothing in particular. */
const kinds: Readonly<Record<string, string>> = {
  request: 'asked',
  refusal: 'refused',
  approval: 'decided',
  'refused-vote': 'decided',
  page: 'left',
  outcome: 'left',
}
