import { Plain } from './plain.tsx'
import { Count } from './quantities.tsx'

/** What occurs most, each with a bar as long as its share of the first, and a way to it. */
export function HorizontalBars({
  label,
  bars,
}: {
  readonly label: string
  readonly bars: readonly {
    readonly label: string
    readonly count: number
    readonly href: string
  }[]
}) {
  const most = Math.max(1, ...bars.map(({ count }) => count))
  return (
    <ol class="bars" aria-label={label}>
      {bars.map(({ label: name, count, href }) => (
        <li>
          <a href={href} title={name.slice(0, 300)}>
            <span class="label">
              <Plain words={name} />
            </span>
            <Count of={count} />
            <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
              <rect class="track" width="100" height="4" />
              <rect width={(count / most) * 100} height="4" />
            </svg>
          </a>
        </li>
      ))}
    </ol>
  )
}
