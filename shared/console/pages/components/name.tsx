import { visibleLine } from '../../../approval-desk/visible-text.ts'

const MOST = 1_200

/** A name that is somebody else's, of a table, a column, a rule: breaks at its dots, and hides nothing. */
export function Name({ name, href }: { readonly name: string; readonly href?: string }) {
  const parts = visibleLine(name, MOST).split('.')
  const code = (
    <code class="name">
      {parts.map((part, index) => (
        <>
          {index > 0 && (
            <>
              .<wbr />
            </>
          )}
          {part}
        </>
      ))}
    </code>
  )
  return href === undefined ? code : <a href={href}>{code}</a>
}

/** Some names, one under the other; in words that there is none. */
export function Names({
  names,
  href,
  none,
}: {
  readonly names: readonly string[]
  readonly href?: (name: string) => string
  /** Said when there is none. */
  readonly none: string
}) {
  if (names.length === 0) return <span class="muted">{none}</span>
  return (
    <ul class="names">
      {names.map((name) => (
        <li>
          {href === undefined ? <Name name={name} /> : <Name name={name} href={href(name)} />}
        </li>
      ))}
    </ul>
  )
}
