import { raw } from 'hono/html'

import { visibleLine, visibleText } from '../../../approval-desk/visible-text.ts'
import { type Language, highlight } from './highlight.ts'

interface Props {
  readonly code: string
  readonly language: Language
  /** As in “Copy …”. */
  readonly what?: string
}

/** Code in colours, to be copied. Signs that turn or hide others are shown as what they are. */
export function Code({ code, language, what = 'code' }: Props) {
  const shown = visibleText(code, 'code', LONGEST).text
  const markup = highlight(shown, language)
  return (
    <div class="code">
      <pre tabindex={0} role="group" aria-label={what}>
        <code>{markup === undefined ? shown : raw(markup)}</code>
      </pre>
      <button type="button" class="quiet" hidden data-copy={code} title={`Copy ${what}`}>
        <svg class="icon" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
          <path d="M5.5 5.5v-4h9v9h-4m-9-5h9v9h-9z" />
        </svg>
        <span class="unseen">{`Copy ${what}`}</span>
      </button>
    </div>
  )
}

/** One line of SQL, in a list: cut where the room ends, whole in the title. */
export function SqlLine({ sql }: { readonly sql: string }) {
  const line = sql.replaceAll(/\s+/g, ' ').trim()
  const shown = visibleLine(line, LONGEST_LINE)
  const markup = highlight(shown, 'sql')
  return (
    <code class="sql-line" title={visibleLine(line, 1_000)}>
      {markup === undefined ? shown : raw(markup)}
    </code>
  )
}

const LONGEST = 1_000_000
const LONGEST_LINE = 300
