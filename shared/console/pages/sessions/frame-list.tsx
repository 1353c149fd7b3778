import { visibleLine } from '../../../approval-desk/visible-text.ts'
import { durationWords } from '../duration-words.ts'
import type { Frame } from './frames-of.ts'

interface Props {
  readonly frames: readonly Frame[]
  readonly index: number
  /** Address of a step, from 0. */
  readonly hrefOf: (index: number) => string
}

const AROUND = 12

/** The steps around the one that is shown, each a link. */
export function FrameList({ frames, index, hrefOf }: Props) {
  const from = Math.max(0, Math.min(index - AROUND, frames.length - 2 * AROUND))
  const start = Date.parse(frames[0]?.step.at ?? '')
  return (
    <ol class="frames">
      {frames.slice(from, from + 2 * AROUND).map(({ step, what }, offset) => (
        <li>
          <a
            href={hrefOf(from + offset)}
            aria-current={from + offset === index ? 'step' : undefined}
          >
            <span class="after num">+{durationWords(Date.parse(step.at) - start)}</span>
            <span class={`step-type ${what}`}>{step.type}</span>
            <span class="step-words">{visibleLine(step.summary, 300, 'words')}</span>
          </a>
        </li>
      ))}
    </ol>
  )
}
