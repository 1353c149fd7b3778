import type { ApprovalView } from '../../../approval-desk/api/approval-view.ts'
import { oddNames } from '../../../approval-desk/odd-names.ts'
import { visibleText } from '../../../approval-desk/visible-text.ts'
import { Name } from '../components/name.tsx'

/** What whoever decides has to know of what the page shows before they read it. */
export function Warnings({ approval }: { readonly approval: ApprovalView }) {
  const { sql, tables, targets, governedColumns, brokeGlass } = approval
  const odd = oddNames([...tables, ...targets, ...governedColumns], sql)
  const { escaped } = visibleText(sql, 'code', Number.MAX_SAFE_INTEGER)
  return (
    <>
      {brokeGlass && (
        <p class="note warn">
          Whoever asked broke the glass: it ran without a vote. Somebody else has to look at it.
        </p>
      )}
      {targets.length > 0 && <p class="note warn">It changes data; it does not only read.</p>}
      {escaped > 0 && (
        <p class="note warn">
          Signs of the SQL that cannot be seen, or change the order of others, are shown as escapes
          such as <code>\u202E</code>: there {escaped === 1 ? 'is one' : `are ${escaped}`}.
        </p>
      )}
      {odd.length > 0 && (
        <p class="note warn">
          Names with letters beyond ASCII, which may look like others:{' '}
          {odd.map((name) => (
            <>
              <Name name={name} />{' '}
            </>
          ))}
        </p>
      )}
    </>
  )
}
