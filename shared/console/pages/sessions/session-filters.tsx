import type { Context } from 'hono'

import type { ConsoleEnv } from '../console-env.ts'

const names = ['principal', 'from', 'to'] as const

export type Filters = Readonly<Partial<Record<(typeof names)[number], string>>>

/** What sessions are to be shown, by the query of the page. A day stands for its first instant in UTC. */
export function filtersOf(c: Context<ConsoleEnv>): Filters {
  return Object.fromEntries(
    names.flatMap((name) => {
      const given = c.req.query(name)?.trim() ?? ''
      if (given === '') return []
      return [[name, /^\d{4}-\d\d-\d\d$/.test(given) ? `${given}T00:00:00Z` : given]]
    }),
  )
}

/** A form that says what sessions to show; a GET, so that its address can be shared. */
export function SessionFilters({ filters }: { readonly filters: Filters }) {
  return (
    <form class="filters" action="/console/sessions" aria-label="Filter sessions">
      <div class="fields">
        {fields.map(({ name, label, hint, type }) => (
          <div class="field">
            <label for={`filter-${name}`}>{label}</label>
            <input
              id={`filter-${name}`}
              name={name}
              type={type}
              value={type === 'date' ? filters[name]?.slice(0, 10) : filters[name]}
              placeholder={hint}
              autocomplete="off"
              spellcheck={false}
            />
          </div>
        ))}
        <div class="row end">
          <button class="primary">Filter</button>
          {Object.keys(filters).length > 0 && (
            <a class="button" href="/console/sessions">
              Clear
            </a>
          )}
        </div>
      </div>
    </form>
  )
}

const fields = [
  { name: 'principal', label: 'Who', hint: 'e-mail address or subject', type: 'text' },
  { name: 'from', label: 'From (UTC)', hint: '', type: 'date' },
  { name: 'to', label: 'Before (UTC)', hint: '', type: 'date' },
] as const
