import type { WhatIfReport } from '../../views/policy-view.ts'
import { Badge, type Tone } from '../components/badge.tsx'
import { SqlLine } from '../components/code.tsx'
import { type Column, DataTable } from '../components/data-table.tsx'
import { Empty } from '../components/empty.tsx'
import { Facts } from '../components/facts.tsx'
import { Name } from '../components/name.tsx'
import { Panel } from '../components/panel.tsx'
import { Plain } from '../components/plain.tsx'
import { Count } from '../components/quantities.tsx'
import { Time } from '../components/time.tsx'
import { places } from '../places.ts'

type Change = keyof WhatIfReport['counts']
type Changed = WhatIfReport['changes'][number]

const kinds: readonly (readonly [Change, string, Tone])[] = [
  ['let-out', 'Let out', 'warn'],
  ['newly-denied', 'Newly denied', 'bad'],
  ['newly-held', 'Newly held', 'wait'],
  ['newly-masked', 'Newly masked', 'mask'],
  ['same', 'Same', 'good'],
  ['not-compared', 'Not compared', 'quiet'],
]

/** What a candidate would have said: how many calls, by rule and by person, and which. */
export function Report({ report }: { readonly report: WhatIfReport }) {
  const { from, to, calls, isAll, counts, byRule, byPrincipal, changes, notCompared } = report
  return (
    <>
      <Panel
        title="Result"
        aside={isAll ? `all ${calls} calls` : `the newest ${calls} calls: there are more`}
      >
        <Facts
          facts={[
            ...kinds.map(
              ([kind, name, tone]) =>
                [name, <Badge tone={tone}>{String(counts[kind])}</Badge>] as const,
            ),
            ['From', <Time at={from} />],
            ['To', <Time at={to} />],
          ]}
        />
        {notCompared.length > 0 && (
          <>
            <h3>Not compared</h3>
            <ul>
              {notCompared.map(({ reason, calls: some }) => (
                <li>{`${some}: ${reason}`}</li>
              ))}
            </ul>
          </>
        )}
      </Panel>
      <Panel title="By rule" flush>
        <DataTable
          caption="By rule"
          columns={[
            { head: 'Rule', wide: true, cell: ({ rule }) => <Name name={rule} /> },
            ...numbers,
          ]}
          rows={byRule}
        />
      </Panel>
      <Panel title="By person" flush>
        <DataTable
          caption="By person"
          columns={[
            { head: 'Who', wide: true, cell: ({ label }) => <Plain words={label} /> },
            ...numbers,
          ]}
          rows={byPrincipal}
        />
      </Panel>
      <Panel title="Calls it would change" id="changes" flush>
        {changes.length === 0 ? (
          <Empty title="None." />
        ) : (
          <DataTable
            caption="Calls it would change"
            columns={changed}
            rows={changes}
            href={({ call }) => places.call(call)}
          />
        )}
      </Panel>
    </>
  )
}

const numbers: readonly Column<{ readonly counts: WhatIfReport['counts'] }>[] = kinds.map(
  ([kind, head]) => ({ head, numeric: true, cell: ({ counts }) => <Count of={counts[kind]} /> }),
)

const changed: readonly Column<Changed>[] = [
  {
    head: 'When',
    cell: ({ call, at }) => (
      <a href={places.call(call)}>
        <Time at={at} />
      </a>
    ),
  },
  { head: 'Change', cell: ({ change }) => <Kind change={change} /> },
  { head: 'Who', cell: ({ principal }) => <Plain words={principal ?? 'nobody who is known'} /> },
  {
    head: 'Call',
    wide: true,
    cell: ({ before, after, rules, strippedSql }) => (
      <div>
        <div>
          <Plain words={before} /> → <Plain words={after} />
        </div>
        <div class="muted">
          <Plain words={rules.join(', ')} />
        </div>
        {strippedSql !== undefined && <SqlLine sql={strippedSql} />}
      </div>
    ),
  },
]

function Kind({ change }: { readonly change: Change }) {
  const [, name, tone] = kinds.find(([kind]) => kind === change) ?? ['', change, 'quiet' as const]
  return <Badge tone={tone}>{name}</Badge>
}
