import type { Child } from 'hono/jsx'

/** A column of a table about `T`. */
export interface Column<T> {
  readonly head: string
  readonly cell: (row: T) => Child
  /** Numbers end at one edge. */
  readonly numeric?: boolean
  /** A wide column takes what is left. */
  readonly wide?: boolean
}

interface Props<T> {
  /** What the table is; read out, and seen unless `captionUnseen`. */
  readonly caption: string
  readonly columns: readonly Column<T>[]
  readonly rows: readonly T[]
  /** Page of a row: `j`, `k` and Enter go there. */
  readonly href?: (row: T) => string
}

/** Rows under a head that stays in view; on narrow screens each row is a card. */
export function DataTable<T>({ caption, columns, rows, href }: Props<T>) {
  return (
    <div class="scroll" tabindex={0} role="group" aria-label={caption}>
      <table class="data">
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ head, numeric, wide }) => (
              <th scope="col" class={classOf(numeric, wide)}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr data-href={href?.(row)}>
              {columns.map(({ head, cell, numeric, wide }) => (
                <td data-head={head} class={classOf(numeric, wide)}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function classOf(numeric: boolean | undefined, wide: boolean | undefined): string | undefined {
  if (numeric === true) return 'numeric'
  return wide === true ? 'wide' : undefined
}
