import type { Child } from 'hono/jsx'

import type { CallView } from '../../views/call-view.ts'
import { Copyable } from '../components/copyable.tsx'
import { Facts } from '../components/facts.tsx'
import { Names } from '../components/name.tsx'
import { Plain } from '../components/plain.tsx'
import { Bytes, Count, Duration } from '../components/quantities.tsx'
import { Said } from '../components/said.tsx'
import { Through } from '../components/through.tsx'
import { Time } from '../components/time.tsx'
import { Who } from '../components/who.tsx'
import { places } from '../places.ts'

/** Who asked, through what and from where, on which data, and what it cost. */
export function CallFacts({ call: { summary, jobUrl } }: { readonly call: CallView }) {
  const { principal, claimed, session, job, tables, targets, replayOf } = summary
  return (
    <Facts
      facts={[
        ['Who', <Who person={principal} />],
        ['Groups', principal && <Plain words={principal.groups.join(', ') || 'none'} />],
        ['Through', <Through claimed={claimed} clientId={principal?.clientId} />],
        ['Agent says it is', claimed.name && <Said words={claimed.name} />],
        ['Program says it is', claimed.userAgent && <Said words={claimed.userAgent} />],
        ['From', summary.sourceAddress && <Plain words={summary.sourceAddress} />],
        ...claims(principal),
        ['When', <Time at={summary.at} precise />],
        ['Took', summary.durationMs !== undefined && <Duration ms={summary.durationMs} />],
        [
          'Session',
          session && <a href={`${places.session(session)}#call-${summary.call}`}>{session}</a>,
        ],
        ['Call', <Copyable text={summary.call} what="call id" />],
        ['Method', <code>{summary.method}</code>],
        ['Tables', <Names names={tables} href={places.table} none="none" />],
        [
          'Changes',
          targets.length > 0 && <Names names={targets} href={places.table} none="none" />,
        ],
        ['Tags', summary.tags.length > 0 && <Plain words={summary.tags.join(', ')} />],
        ['Rows that left', <Count of={summary.rows} />],
        [
          'Processed',
          summary.bytesProcessed !== undefined && <Bytes of={summary.bytesProcessed} />,
        ],
        ['Billed', summary.bytesBilled !== undefined && <Bytes of={summary.bytesBilled} />],
        [
          'BigQuery job',
          job && (
            <JobLink name={`${job.projectId}:${job.location ?? ''}.${job.jobId}`} url={jobUrl} />
          ),
        ],
        [
          'Same query',
          summary.fingerprint && (
            <a href={places.search({ fingerprint: summary.fingerprint })}>
              others with this fingerprint
            </a>
          ),
        ],
        ['Replay of', replayOf && <a href={places.call(replayOf)}>{replayOf}</a>],
      ].flatMap(([name, value]) =>
        typeof name === 'string' && value !== undefined && value !== false && value !== ''
          ? [[name, value] as const]
          : [],
      )}
    />
  )
}

function claims(principal: CallView['summary']['principal']): [string, Child][] {
  return Object.entries(principal?.claims ?? {}).map(([name, value]) => [
    `Claim ${name}`,
    <Plain words={value} />,
  ])
}

/** Only Google's own pages are links. */
function JobLink({ name, url }: { readonly name: string; readonly url: string | undefined }) {
  return url !== undefined && url.startsWith('https://console.cloud.google.com/') ? (
    <a href={url} rel="noreferrer">
      {name}
    </a>
  ) : (
    <code>{name}</code>
  )
}
