import type { CallView } from '../../views/call-view.ts'
import { Badge } from '../components/badge.tsx'
import { Copyable } from '../components/copyable.tsx'
import { Facts } from '../components/facts.tsx'
import { Bytes, Count } from '../components/quantities.tsx'
import { Said } from '../components/said.tsx'
import { Time } from '../components/time.tsx'
import { ResultRows } from './result-rows.tsx'

type Delivery = CallView['deliveries'][number]

/** What left, delivery by delivery: how much, its digests, and the rows where they are kept and the reader may see them. */
export function Deliveries({ deliveries }: Pick<CallView, 'deliveries'>) {
  if (deliveries.length === 0) return <p class="muted">Nothing left.</p>
  return (
    <>
      {deliveries.map((delivery) => (
        <article class="delivery" aria-label={`Delivery of ${delivery.at}`}>
          <Facts facts={factsOf(delivery)} />
          <Content delivery={delivery} />
        </article>
      ))}
    </>
  )
}

function factsOf(delivery: Delivery): Parameters<typeof Facts>[0]['facts'] {
  const { at, method, status, rows, totalRows, bytes, digest, rowsDigest, cacheHit } = delivery
  return [
    ['When', <Time at={at} precise />],
    ['Method', method && <code>{method}</code>],
    ['Status', <Badge tone={status < 400 ? 'good' : 'bad'}>{String(status)}</Badge>],
    [
      'Rows',
      <>
        <Count of={rows} />
        {totalRows !== undefined && ` of ${totalRows}`}
      </>,
    ],
    ['Size', <Bytes of={bytes} />],
    ['From BigQuery’s cache', cacheHit === true ? 'yes' : undefined],
    ['Digest of the body', digest && shortened(digest)],
    ['Digest of the rows', rowsDigest && shortened(rowsDigest)],
  ]
}

const shortened = (digest: string) => (
  <Copyable text={digest} shown={`${digest.slice(0, 16)}…`} what="digest" />
)

function Content({ delivery }: { readonly delivery: Delivery }) {
  const { error, errorReason, schema, shown, shownState } = delivery
  return (
    <>
      {(error ?? errorReason) !== undefined && (
        <p>
          <Badge tone="bad">{errorReason ?? 'error'}</Badge>{' '}
          {error !== undefined && <Said words={error} />}
        </p>
      )}
      {shownState === 'shown' && shown !== undefined ? (
        <ResultRows schema={schema} rows={shown} total={delivery.rows} />
      ) : (
        <p class="note">{notShown[shownState]}</p>
      )}
    </>
  )
}

const notShown: Readonly<Record<Delivery['shownState'], string>> = {
  shown: 'No rows are on the record.',
  'not-kept': 'The rows are not on the record: policy keeps a digest of them, or nothing.',
  'not-for-you': 'The rows are on the record, masked; policy does not let you read them.',
  erased: 'The rows were erased from the record; that they were is an entry of its own.',
}
