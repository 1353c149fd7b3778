import { visibleLine } from '../../../approval-desk/visible-text.ts'
import type { CallView } from '../../views/call-view.ts'

type Delivery = CallView['deliveries'][number]

interface Props {
  readonly schema: Delivery['schema']
  readonly rows: NonNullable<Delivery['shown']>
  /** How many the delivery had. */
  readonly total: number
}

const LONGEST_CELL = 500

/** Rows as they left, masked. Cells are cut where they are very long; NULL is told from text. */
export function ResultRows({ schema = [], rows, total }: Props) {
  if (rows.length === 0) return <p class="muted">It had no rows.</p>
  const width = Math.max(schema.length, ...rows.map((row) => row.length))
  const heads = Array.from({ length: width }, (_, index) => schema[index])
  return (
    <>
      <div class="scroll" tabindex={0} role="group" aria-label="Rows as they left">
        <table class="result">
          <caption class="unseen">Rows as they left</caption>
          <thead>
            <tr>
              {heads.map((head, index) => (
                <th scope="col">
                  {visibleLine(head?.name ?? `column ${index + 1}`, LONGEST_CELL)}{' '}
                  <span class="muted">{head?.type}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr>
                {heads.map((_, index) => (
                  <td>{cellOf(row[index])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length < total && (
        <p class="muted">
          The first {rows.length} of {total} rows.
        </p>
      )}
    </>
  )
}

function cellOf(text: string | null | undefined) {
  return text === null || text === undefined ? (
    <span class="null">NULL</span>
  ) : (
    <span dir="auto">{visibleLine(text, LONGEST_CELL, 'words')}</span>
  )
}
