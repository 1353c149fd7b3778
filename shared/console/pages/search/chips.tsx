import { Icon } from '../components/icon.tsx'
import { Plain } from '../components/plain.tsx'
import { type Pair, searchUrl, withoutPair } from './pairs.ts'
import { keyOfFilter } from './search-keys.ts'
import { spoken } from './search-text.ts'

/** What is searched by; each can be taken away. */
export function Chips({ pairs }: { readonly pairs: readonly Pair[] }) {
  if (pairs.length === 0) return <></>
  return (
    <ul class="chips" aria-label="Filters">
      {pairs.map((pair) => {
        const [filter, value] = pair
        const name = keyOfFilter(filter)?.label ?? 'Words'
        return (
          <li>
            <span class="muted">{name}</span>
            <Plain words={spoken(filter, value)} />
            <a href={searchUrl(withoutPair(pairs, pair))} title={`Without ${name}`}>
              <Icon name="cross" />
              <span class="unseen">
                {`Without ${name} `}
                <Plain words={value} />
              </span>
            </a>
          </li>
        )
      })}
    </ul>
  )
}
