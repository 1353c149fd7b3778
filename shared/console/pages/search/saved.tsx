import type { SavedSearches } from '../../views/review-view.ts'
import { Plain } from '../components/plain.tsx'
import { PostForm } from '../components/post-form.tsx'
import { type Pair, urlOf } from './pairs.ts'

/** The searches somebody saved. */
export function SavedList({
  searches,
  csrf,
}: {
  readonly searches: SavedSearches['searches']
  readonly csrf: string
}) {
  if (searches.length === 0) return <></>
  return (
    <details class="panel facet-list" open data-folds>
      <summary>Saved searches</summary>
      <ul class="body saved">
        {searches.map(({ id, name, query }) => (
          <li>
            <a href={`/console/search?${query}`}>
              <Plain words={name} />
            </a>
            <PostForm
              action={`/console/searches/${encodeURIComponent(id)}/delete`}
              csrf={csrf}
              label="Delete a saved search"
            >
              <button class="quiet">
                Delete
                <span class="unseen">
                  {' '}
                  <Plain words={name} />
                </span>
              </button>
            </PostForm>
          </li>
        ))}
      </ul>
    </details>
  )
}

/** Keeps this search under a name. */
export function SaveSearch({
  pairs,
  csrf,
}: {
  readonly pairs: readonly Pair[]
  readonly csrf: string
}) {
  return (
    <PostForm action="/console/searches" csrf={csrf} class="save row" label="Save this search">
      <input type="hidden" name="query" value={urlOf('', pairs).slice(1)} />
      <label for="save-name">Save this search as</label>
      <input id="save-name" name="name" required maxlength={100} />
      <button>Save</button>
    </PostForm>
  )
}
