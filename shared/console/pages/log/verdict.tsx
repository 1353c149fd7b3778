import type { VerdictView } from '../../views/log-view.ts'
import { Badge, type Tone } from '../components/badge.tsx'
import { Facts } from '../components/facts.tsx'
import { Panel } from '../components/panel.tsx'
import { Problem } from '../components/problem.tsx'
import { Count, Duration } from '../components/quantities.tsx'
import { Time } from '../components/time.tsx'
import type { Verified } from './log-page.tsx'

/** What came of verifying: two verdicts, and what they are about. */
export function Verdict({ verified }: { readonly verified: Verified }) {
  if ('problem' in verified) return <Problem problem={verified.problem} />
  const { verdict } = verified
  return (
    <Panel title="What verifying came to" id="verdict">
      <div role="status" class="verdicts">
        <One name="Integrity" of={integrity[verdict.integrity]} />
        <One name="Completeness" of={completeness[verdict.completeness]} />
      </div>
      {!verdict.isAll && (
        <p class="note warn">
          That was too much for somebody who waits: it was cut at its beginning. Export the rest,
          and verify it with <code>sluice verify</code>.
        </p>
      )}
      <Sentences title="What does not hold" of={verdict.findings} more={verdict.furtherFindings} />
      <Facts
        facts={[
          [
            'Looked at',
            <span>
              <Time at={verdict.from} /> to <Time at={verdict.to} />
            </span>,
          ],
          ['Entries', <Count of={verdict.entries} />],
          ['Not sealed yet', <Count of={verdict.unsealed} />],
          ['Entry is gone', <Count of={verdict.leaves} />],
          [
            'Against',
            <span>
              the tree of <Count of={verdict.treeSize} /> leaves
            </span>,
          ],
          ['Took', <Duration ms={verdict.durationMs} />],
        ]}
      />
      {verdict.unchecked.length > 0 && (
        <details>
          <summary>What was not verified</summary>
          <Sentences title="" of={verdict.unchecked} more={0} />
        </details>
      )}
    </Panel>
  )
}

function One({ name, of: [tone, words, why] }: { readonly name: string; readonly of: Words }) {
  return (
    <div>
      <h3>{name}</h3>
      <p>
        <Badge tone={tone}>{words}</Badge>
      </p>
      <p class="muted">{why}</p>
    </div>
  )
}

function Sentences({
  title,
  of,
  more,
}: {
  readonly title: string
  readonly of: readonly string[]
  readonly more: number
}) {
  if (of.length === 0) return <></>
  return (
    <>
      {title !== '' && <h3>{title}</h3>}
      <ul class="plain-list">
        {of.map((sentence) => (
          <li>{sentence}</li>
        ))}
        {more > 0 && <li>{`and ${more} more`}</li>}
      </ul>
    </>
  )
}

type Words = readonly [Tone, string, string]

const integrity: Readonly<Record<VerdictView['integrity'], Words>> = {
  sound: ['good', 'sound', 'What is there is what was written, by who it says.'],
  broken: ['bad', 'broken', 'Something was changed, forged or taken back.'],
}

const completeness: Readonly<Record<VerdictView['completeness'], Words>> = {
  complete: ['good', 'complete', 'Nothing is missing from this part, as far as the log shows.'],
  incomplete: ['bad', 'incomplete', 'Something that was there is missing.'],
  unknown: ['quiet', 'not known', 'This part alone cannot show that nothing is missing.'],
}
