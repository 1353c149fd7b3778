import { visibleLine } from '../../../approval-desk/visible-text.ts'
import type { CallList, Facet } from '../../views/call-view.ts'
import { Icon } from '../components/icon.tsx'
import { Plain } from '../components/plain.tsx'
import { Count } from '../components/quantities.tsx'
import { type Pair, hasPair, searchUrl, withPair, withoutPair } from './pairs.ts'
import { keyOfFilter } from './search-keys.ts'

/** At first so many values of each; the others open below. */
const SHOWN = 6
const MOST = 500

/** What the matches have in common, by how many have it: a press adds it to the search, another takes it away. */
export function Facets({
  facets,
  counted,
  pairs,
}: {
  readonly facets: readonly Facet[]
  readonly counted: CallList['counted']
  readonly pairs: readonly Pair[]
}) {
  const known = facets.filter(({ values }) => values.length > 0)
  if (known.length === 0) return <></>
  return (
    <details class="panel facet-list" open data-folds>
      <summary>Narrow down</summary>
      <div class="body">
        {!counted.isAll && (
          <p class="muted">{`Counted over the newest ${counted.calls} matches.`}</p>
        )}
        {known.map(({ filter, values }) => (
          <section aria-label={labelOf(filter)}>
            <h2>{labelOf(filter)}</h2>
            <Values filter={filter} values={values.slice(0, SHOWN)} pairs={pairs} />
            {values.length > SHOWN && (
              <details>
                <summary>{`${values.length - SHOWN} more`}</summary>
                <Values filter={filter} values={values.slice(SHOWN)} pairs={pairs} />
              </details>
            )}
          </section>
        ))}
      </div>
    </details>
  )
}

/** Of a full name of a table or a column the last two parts: a narrow list shows what tells them apart. */
function shortOf(filter: string, label: string): string {
  return ['table', 'column', 'maskedColumn'].includes(filter)
    ? label.split('.').slice(-2).join('.')
    : label
}

function labelOf(filter: string): string {
  return keyOfFilter(filter)?.label ?? filter
}

function Values({
  filter,
  values,
  pairs,
}: Pick<Facet, 'filter' | 'values'> & { readonly pairs: readonly Pair[] }) {
  return (
    <ul>
      {values.map(({ value, label, count }) => {
        const pair: Pair = [filter, value]
        const isOn = hasPair(pairs, pair)
        return (
          <li>
            <a
              href={searchUrl(isOn ? withoutPair(pairs, pair) : withPair(pairs, pair))}
              aria-current={isOn ? 'true' : undefined}
            >
              {isOn && <Icon name="check" />}
              <span class="label" title={visibleLine(label, MOST, 'words')}>
                <Plain words={shortOf(filter, label)} />
              </span>
              <Count of={count} />
            </a>
          </li>
        )
      })}
    </ul>
  )
}
