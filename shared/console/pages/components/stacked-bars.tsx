/** A part of a bar, from the bottom up. */
export interface Layer {
  /** Class that colours it, and texture of its own: shades alone do not tell parts apart. */
  readonly name: string
  readonly label: string
}

/** A bar: how many of each layer, and where it leads. */
export interface StackedBar {
  /** RFC 3339: where it begins. */
  readonly at: string
  readonly counts: readonly number[]
  readonly href: string
}

const WIDTH = 960
const HEIGHT = 180
const LEFT = 44
const BOTTOM = 22

/** Counts over time as bars of layers, drawn here; each bar is a link, and a table says the same. */
export function StackedBars({
  title,
  layers,
  bars,
}: {
  readonly title: string
  readonly layers: readonly Layer[]
  readonly bars: readonly StackedBar[]
}) {
  const most = Math.max(1, ...bars.map(({ counts }) => sum(counts)))
  const top = niceTop(most)
  const step = (WIDTH - LEFT) / Math.max(1, bars.length)
  const y = (value: number): number => (HEIGHT - BOTTOM) * (1 - value / top) + 4
  return (
    <figure class="chart">
      <ul class="legend">
        {layers.map(({ name, label }) => (
          <li>
            <svg viewBox="0 0 12 12" aria-hidden="true">
              <rect class={name} width="12" height="12" rx="2" />
            </svg>
            {label}
          </li>
        ))}
      </ul>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT + 8}`} role="group" aria-label={title}>
        {[0, top / 2, top].map((value) => (
          <>
            <line class="grid" x1={LEFT} x2={WIDTH} y1={y(value)} y2={y(value)} />
            <text x={LEFT - 8} y={y(value) + 4} text-anchor="end">
              {value.toLocaleString('en-US')}
            </text>
          </>
        ))}
        {bars.map((bar, index) => (
          <Bar bar={bar} layers={layers} x={LEFT + index * step} width={step} y={y} />
        ))}
        {bars.map(
          ({ at }, index) =>
            index % Math.ceil(bars.length / 6) === 0 && (
              <text x={LEFT + index * step} y={HEIGHT + 4} data-at={at} data-unit={unitOf(bars)}>
                {shortTime(at, bars)}
              </text>
            ),
        )}
      </svg>
      <details>
        <summary>As a table</summary>
        <table class="data">
          <thead>
            <tr>
              <th scope="col">From, UTC</th>
              {layers.map(({ label }) => (
                <th scope="col" class="numeric">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {bars.map(({ at, counts, href }) => (
              <tr>
                <td data-head="From, UTC">
                  <a href={href}>{at.slice(0, 16).replace('T', ' ')}</a>
                </td>
                {counts.map((count, index) => (
                  <td data-head={layers[index]?.label} class="numeric">
                    {count.toLocaleString('en-US')}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  )
}

function Bar({
  bar: { at, counts, href },
  layers,
  x,
  width,
  y,
}: {
  readonly bar: StackedBar
  readonly layers: readonly Layer[]
  readonly x: number
  readonly width: number
  readonly y: (value: number) => number
}) {
  const words = layers.map(({ label }, index) => `${counts[index] ?? 0} ${label}`).join(', ')
  const gap = Math.min(3, width / 5)
  return (
    <a href={href} aria-label={`${at.slice(0, 16).replace('T', ' ')} UTC: ${words}`}>
      <title>{`${at.slice(0, 16).replace('T', ' ')} UTC: ${words}`}</title>
      <rect class="hit" x={x} y={y(0) - (y(0) - 4)} width={width} height={y(0) - 4} />
      {counts.map((count, index) => {
        const below = sum(counts.slice(0, index))
        return (
          count > 0 && (
            <rect
              class={layers[index]?.name}
              x={x + gap / 2}
              y={y(below + count)}
              width={width - gap}
              height={Math.max(1, y(below) - y(below + count))}
            />
          )
        )
      })}
    </a>
  )
}

function sum(counts: readonly number[]): number {
  return counts.reduce((before, count) => before + count, 0)
}

/** The next round number: half of it is whole, too. */
function niceTop(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most))
  return Math.max(2, ([1, 2, 4, 6, 8, 10].find((each) => each * power >= most) ?? 10) * power)
}

/** Hour or day, by how far the bars reach. */
function shortTime(at: string, bars: readonly StackedBar[]): string {
  return unitOf(bars) === 'day' ? at.slice(5, 10) : `${at.slice(11, 16)} UTC`
}

function unitOf(bars: readonly StackedBar[]): 'day' | 'hour' {
  const reach = Date.parse(bars.at(-1)?.at ?? '') - Date.parse(bars[0]?.at ?? '')
  return reach > 2 * 24 * 60 * 60_000 ? 'day' : 'hour'
}
