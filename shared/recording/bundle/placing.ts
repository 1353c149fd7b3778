import type { BundleScope } from './bundle-line.ts'
import type { CheckedLine } from './checked-line.ts'
import { type Report, broken, entryAt, missing } from './problem.ts'

/** The order of the lines, and that a bundle of everything has a line for every leaf. FORMAT.md §7. */
export interface Placing {
  add(line: CheckedLine): void
  finish(): void
}

export function placing(report: Report, scope: BundleScope, size: number): Placing {
  const isEverything = 'all' in scope
  const ids = new Set<string>()
  let last = -1
  let isUnsealed = false
  const gap = (from: number, to: number): void =>
    report(
      missing(
        'leaf-missing',
        { index: from },
        from === to
          ? `leaf ${from} is missing from a bundle that says it holds everything`
          : `leaves ${from} to ${to} are missing from a bundle that says it holds everything`,
      ),
    )
  return {
    add(line) {
      if (line.is === 'private') return
      const { index } = line
      if (line.is !== 'unreadable') {
        if (ids.has(line.id))
          report(
            broken(
              'id-twice',
              line,
              `${entryAt(line)} has the id of another entry: one of them is not genuine`,
            ),
          )
        ids.add(line.id)
      }
      if (index === undefined) {
        isUnsealed ||= line.is === 'entry'
        return
      }
      if (isUnsealed || index <= last)
        report(
          broken(
            'order-wrong',
            line,
            `line ${line.line} is out of order: leaf ${index} comes after leaf ${last}`,
          ),
        )
      else if (isEverything && index > last + 1) gap(last + 1, index - 1)
      last = Math.max(last, index)
    },
    finish() {
      if (isEverything && last < size - 1) gap(last + 1, size - 1)
    },
  }
}
