import { raw } from 'hono/html'

import { visibleText } from '../../../approval-desk/visible-text.ts'
import type { PolicyProblems } from '../../views/policy-view.ts'
import { highlight } from '../components/highlight.ts'
import { Plain } from '../components/plain.tsx'
import { linesOfMarkup } from './numbered-lines.ts'

interface Props {
  readonly text: string
  /** Each is shown below its line. */
  readonly problems?: PolicyProblems['problems']
}

const LONGEST = 1_000_000

/** A policy file, each line with its number and an address: `#L12`. */
export function NumberedCode({ text, problems = [] }: Props) {
  const shown = visibleText(text.replace(/\n$/, ''), 'code', LONGEST).text
  const markup = highlight(shown, 'yaml')
  const plain = shown.split('\n')
  const marked = markup === undefined ? undefined : linesOfMarkup(markup)
  return (
    <div class="code numbered">
      <pre tabindex={0} role="group" aria-label="policy file">
        <code>
          {plain.map((line, index) => {
            const number = index + 1
            const own = problems.filter((problem) => problem.line === number)
            const colours = marked?.[index]
            return (
              <>
                <span class={own.length === 0 ? 'line' : 'line wrong'} id={`L${number}`}>
                  <span class="number" aria-hidden="true">
                    {String(number)}
                  </span>
                  {colours === undefined ? line : raw(colours)}
                  {'\n'}
                </span>
                {own.map(({ message, column }) => (
                  <span class="line-problem">
                    {`column ${column ?? 1}: `}
                    <Plain words={message} />
                    {'\n'}
                  </span>
                ))}
              </>
            )
          })}
        </code>
      </pre>
    </div>
  )
}
