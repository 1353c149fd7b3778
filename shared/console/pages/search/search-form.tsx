import { Icon } from '../components/icon.tsx'
import type { Pair } from './pairs.ts'
import { DECISIONS } from './parse-value.ts'
import { ranges } from './ranges.ts'
import { type SearchKey, type SearchPart, searchKeys } from './search-keys.ts'
import { spoken } from './search-text.ts'

const PARTS: readonly SearchPart[] = ['Who', 'What', 'Decision', 'Result']

/** All filters there are, each with a field; and one line in which they can all be written. */
export function SearchForm({
  pairs,
  line,
  problems,
  isOpen,
}: {
  readonly pairs: readonly Pair[]
  readonly line: string
  /** Why the line was not understood. */
  readonly problems: readonly string[]
  readonly isOpen: boolean
}) {
  const isWrong = problems.length > 0
  return (
    <div class="panel search-form">
      <div class="body">
        <SearchLine line={line} isWrong={isWrong} />
        {isWrong && (
          <div class="note bad" role="alert" id="search-problems">
            <ul>
              {problems.map((problem) => (
                <li>{problem}</li>
              ))}
            </ul>
          </div>
        )}
        <details open={isOpen}>
          <summary>All filters</summary>
          <form action="/console/search" class="filters">
            {PARTS.map((part) => (
              <fieldset>
                <legend>{part}</legend>
                <div class="fields">
                  {searchKeys
                    .filter((key) => key.part === part)
                    .map((key) => (
                      <Field search={key} pairs={pairs} />
                    ))}
                </div>
              </fieldset>
            ))}
            <label class="field">
              Words of the SQL
              <input
                name="text"
                value={valueOf(pairs, 'text')}
                placeholder="literals are not kept"
              />
            </label>
            <div class="row">
              <button class="primary">Search with these</button>
              <a class="button" href="/console/search">
                Clear
              </a>
            </div>
          </form>
        </details>
      </div>
    </div>
  )
}

/** One line and a stretch of time. */
export function SearchLine({
  line,
  isWrong,
}: {
  readonly line: string
  readonly isWrong: boolean
}) {
  return (
    <form action="/console/search" role="search" class="search-line" aria-label="Search calls">
      <label class="field line">
        Search
        <input
          name="q"
          type="search"
          value={line}
          placeholder="column:patients.ssn decision:deny words…"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          data-key="/"
          aria-keyshortcuts="/"
          maxlength={2000}
          aria-invalid={isWrong ? 'true' : undefined}
          aria-describedby={isWrong ? 'search-problems' : undefined}
        />
      </label>
      <label class="field">
        When
        <select name="range">
          {ranges.map(([name, words]) => (
            <option value={name}>{name === '' && line !== '' ? 'As written' : words}</option>
          ))}
        </select>
      </label>
      <button class="primary">
        <Icon name="search" />
        Search
      </button>
    </form>
  )
}

function Field({ search, pairs }: { readonly search: SearchKey; readonly pairs: readonly Pair[] }) {
  const { filter, label, hint, kind } = search
  const values = pairs.filter(([name]) => name === filter).map(([, value]) => spoken(filter, value))
  if (kind === 'decision')
    return (
      <label class="field">
        {label}
        <select name={filter}>
          <option value="">any</option>
          {DECISIONS.map((decision) => (
            <option value={decision} selected={values.includes(decision)}>
              {decision}
            </option>
          ))}
        </select>
      </label>
    )
  // Each value of a list has a field: none is lost by sending the form.
  return (
    <>
      {(values.length === 0 ? [''] : values).map((value) => (
        <label class="field">
          {label}
          <input
            name={filter}
            value={value}
            placeholder={hint}
            autocomplete="off"
            spellcheck={false}
          />
        </label>
      ))}
    </>
  )
}

function valueOf(pairs: readonly Pair[], filter: string): string {
  return pairs.find(([name]) => name === filter)?.[1] ?? ''
}
