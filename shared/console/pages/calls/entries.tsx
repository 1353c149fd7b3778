import { visibleLine } from '../../../approval-desk/visible-text.ts'
import type { CallView, EntryView } from '../../views/call-view.ts'
import { Code } from '../components/code.tsx'
import { Copyable } from '../components/copyable.tsx'
import { Facts } from '../components/facts.tsx'
import { Verification } from '../components/state-badges.tsx'
import { Time } from '../components/time.tsx'

/** Entries of the record, each with who signed it, its place in the log, its proof, and all of it as JSON. */
export function Entries({
  entries,
  receipts,
}: {
  readonly entries: readonly EntryView[]
  readonly receipts: CallView['receipts']
}) {
  const proofs = new Map(receipts.map(({ entry, proofUrl }) => [entry, proofUrl]))
  return (
    <ol class="entries">
      {entries.map((entry) => (
        <li id={entry.id}>
          <p class="entry-head">
            <code class="step-type">{entry.type}</code>{' '}
            <Verification verification={entry.verification} /> <Time at={entry.at} precise />
          </p>
          <p class="entry-words">{visibleLine(entry.summary, 1_000, 'words')}</p>
          <details>
            <summary>Hash, writer and the entry itself</summary>
            <Facts
              facts={[
                ['Entry', <Copyable text={entry.id} what="entry id" />],
                [
                  'Hash',
                  <Copyable text={entry.hash} shown={`${entry.hash.slice(0, 24)}…`} what="hash" />,
                ],
                ['Writer', <code>{entry.writer}</code>],
                ['Its number', entry.number],
                ['Committed', <Time at={entry.committedAt} precise />],
                ['Leaf', leafOf(entry)],
                ['Receipt', proofOf(proofs.get(entry.id))],
              ]}
            />
            <Code code={JSON.stringify(entry.entry, undefined, 2)} language="json" what="entry" />
          </details>
        </li>
      ))}
    </ol>
  )
}

function leafOf({ verification: { leaf, treeSize } }: EntryView): string | undefined {
  if (leaf === undefined) return undefined
  return treeSize === undefined ? String(leaf) : `${leaf} of ${treeSize}`
}

/** Attacker-controlled, were an API to be: only our own paths and https are links. */
function proofOf(url: string | undefined) {
  return url !== undefined && (url.startsWith('/log/') || url.startsWith('https://')) ? (
    <a href={url}>proof that it is in the log</a>
  ) : undefined
}
