import type { Child } from 'hono/jsx'

import type { SessionView } from '../../views/session-view.ts'
import { Badge } from '../components/badge.tsx'
import { Copyable } from '../components/copyable.tsx'
import { Facts } from '../components/facts.tsx'
import { Plain } from '../components/plain.tsx'
import { Count } from '../components/quantities.tsx'
import { Said } from '../components/said.tsx'
import { Through } from '../components/through.tsx'
import { Time } from '../components/time.tsx'
import { Who } from '../components/who.tsx'

/** Who was behind a session, through what and from where, what came of it, and whether the record of it holds. */
export function SessionFacts({ session }: { readonly session: SessionView }) {
  const { summary } = session
  const { principal, claimed, sourceAddress, at, closedAt, calls, denied, held } = summary
  return (
    <div class="columns">
      <Facts
        facts={[
          ['Who', <Who person={principal} />],
          ['Groups', <Plain words={principal.groups.join(', ') || 'none'} />],
          ['Through', <Through claimed={claimed} clientId={principal.clientId} />],
          ['Agent says it is', claimed.name && <Said words={claimed.name} />],
          ['Program says it is', claimed.userAgent && <Said words={claimed.userAgent} />],
          ['From', sourceAddress && <Plain words={sourceAddress} />],
          ...Object.entries(principal.claims).map(
            ([name, value]) => [`Claim ${name}`, <Plain words={value} />] as const,
          ),
        ]}
      />
      <Facts
        facts={[
          ['Session', <Copyable text={summary.session} what="session id" />],
          ['Opened', <Time at={at} />],
          [
            'Closed',
            closedAt === undefined ? <Badge tone="wait">open</Badge> : <Time at={closedAt} />,
          ],
          [
            'Calls',
            <>
              <Count of={calls} />
              {calls >= MOST_COUNTED && ' or more'}
              {denied > 0 && `, ${denied} denied`}
              {held > 0 && `, ${held} held for approval`}
            </>,
          ],
          ...closing(session),
          ['Record', <Holds session={session} />],
        ]}
      />
    </div>
  )
}

const MOST_COUNTED = 1_000

/** What the last closing says: how many entries there were, and the root over them. */
function closing({ entries }: SessionView): (readonly [string, Child])[] {
  const closed = entries.findLast(({ type }) => type === 'session-closed')
  if (closed === undefined) return []
  const { count, root } = closed.entry
  return [
    ['Entries', typeof count === 'number' ? <Count of={count} /> : undefined],
    [
      'Root over them',
      typeof root === 'string' ? (
        <Copyable text={root} shown={`${root.slice(0, 20)}…`} what="root" />
      ) : undefined,
    ],
  ]
}

/** Of its opening and closings: the entries of each call say so themselves. */
function Holds({ session: { entries } }: { readonly session: SessionView }) {
  const states = entries.map(({ verification }) => verification.state)
  if (states.includes('failed')) return <Badge tone="bad">opening or closing does not verify</Badge>
  if (states.length === 0) return <Badge tone="quiet">not verified</Badge>
  return states.includes('unsealed') ? (
    <Badge tone="wait">not all sealed yet</Badge>
  ) : (
    <Badge tone="good">opening and closing sealed, and they hold</Badge>
  )
}
