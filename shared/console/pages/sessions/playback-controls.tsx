import { Time } from '../components/time.tsx'
import { durationWords } from '../duration-words.ts'
import type { Frame } from './frames-of.ts'

interface Props {
  readonly frames: readonly Frame[]
  readonly index: number
  /** Address of a step, from 0. */
  readonly hrefOf: (index: number) => string
}

const SPEEDS = [
  ['1', 'as it was, long pauses cut'],
  ['10', '10 times as fast'],
  ['100', '100 times as fast'],
] as const

/** Back and forth through a recorded session: links, which scripts also follow by arrow keys and by themselves. */
export function PlaybackControls({ frames, index, hrefOf }: Props) {
  const last = frames.length - 1
  const at = instantOf(frames[index])
  const next = frames[index + 1]
  return (
    <nav class="playback-controls" aria-label="Playback" data-playback>
      <Step href={index > 0 ? hrefOf(0) : undefined} words="First" />
      <Step href={index > 0 ? hrefOf(index - 1) : undefined} words="Previous" rel="prev" />
      <Step href={index < last ? hrefOf(index + 1) : undefined} words="Next" rel="next" />
      <Step href={index < last ? hrefOf(last) : undefined} words="Last" />
      <span class="grow where">
        <b>
          Step {index + 1} of {frames.length}
        </b>{' '}
        <Time at={new Date(at).toISOString()} precise />{' '}
        <span class="muted">+{durationWords(at - instantOf(frames[0]))}</span>
        {next !== undefined && (
          <span class="muted"> · next after {durationWords(instantOf(next) - at)}</span>
        )}
      </span>
      <span class="row" hidden data-player data-next-ms={next && String(instantOf(next) - at)}>
        <label for="speed">Speed</label>
        <select id="speed">
          {SPEEDS.map(([value, words]) => (
            <option value={value}>{words}</option>
          ))}
        </select>
        <button type="button" class="primary" data-play>
          Play
        </button>
      </span>
    </nav>
  )
}

function Step({
  href,
  words,
  rel,
}: {
  readonly href: string | undefined
  readonly words: string
  readonly rel?: 'prev' | 'next'
}) {
  return href === undefined ? (
    <span class="button" aria-disabled="true">
      {words}
    </span>
  ) : (
    <a
      class="button"
      href={href}
      rel={rel}
      aria-keyshortcuts={rel && (rel === 'next' ? 'ArrowRight' : 'ArrowLeft')}
    >
      {words}
    </a>
  )
}

const instantOf = (frame: Frame | undefined): number => Date.parse(frame?.step.at ?? '') || 0
