import type { Viewer } from '../console-env.ts'
import type { SectionId } from '../sections.ts'
import type { Theme } from '../theme.ts'
import { Icon } from './icon.tsx'
import { Navigation } from './navigation.tsx'
import { PostForm } from './post-form.tsx'

interface Props {
  readonly viewer: Viewer | undefined
  readonly section: SectionId | undefined
  /** What its search holds; undefined for none. */
  readonly query: string | undefined
  readonly theme: Theme
}

/** What is at the top of every page: where one is, a search, and who one is. */
export function TopBar({ viewer, section, query, theme }: Props) {
  return (
    <header class="top">
      {viewer && (
        <details class="menu narrow-only">
          <summary>
            <Icon name="menu" />
            <span class="unseen">Menu</span>
          </summary>
          <div class="sheet">
            <Navigation viewer={viewer} section={section} label="Menu" />
          </div>
        </details>
      )}
      <a class="brand" href="/console">
        <svg viewBox="0 0 16 16" width="20" height="20" aria-hidden="true">
          <path d="M2 2v12M14 2v12M2 5h12M8 5v4m-4 3q2-1.5 4 0t4 0" />
        </svg>
        Sluice
      </a>
      {viewer && query !== undefined ? <Search query={query} /> : <span class="grow"></span>}
      {viewer && <ThemeSwitch theme={theme} csrf={viewer.csrf} />}
      {viewer && <You viewer={viewer} />}
    </header>
  )
}

function Search({ query }: { readonly query: string }) {
  return (
    <form class="find grow" role="search" action="/console/search">
      <label class="unseen" for="find">
        Search the record
      </label>
      <Icon name="search" />
      <input
        id="find"
        name="q"
        type="search"
        value={query}
        maxlength={2000}
        placeholder="column:patients.ssn decision:deny …"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        data-key="/"
        aria-keyshortcuts="/"
      />
      <kbd aria-hidden="true">/</kbd>
    </form>
  )
}

/** Works without scripts: the server keeps the choice in a cookie. */
function ThemeSwitch({ theme, csrf }: { readonly theme: Theme; readonly csrf: string }) {
  const next = nextTheme[theme]
  return (
    <PostForm class="theme" action="/console/theme" csrf={csrf}>
      <button
        class="quiet"
        name="theme"
        value={next}
        data-theme-switch
        title={`Theme: ${theme}; switch to ${next}`}
      >
        <Icon name="theme" />
        <span class="unseen">{`Theme: ${theme}; switch to ${next}`}</span>
      </button>
    </PostForm>
  )
}

const nextTheme: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' }

function You({ viewer }: { readonly viewer: Viewer }) {
  return (
    <details class="menu you">
      <summary>
        <Icon name="person" />
        <span class="wide-only">{viewer.name}</span>
        <span class="unseen narrow-only">Account</span>
      </summary>
      <div class="sheet">
        <p class="name">{viewer.name}</p>
        <p class="muted">{viewer.roles.length === 0 ? 'no roles' : viewer.roles.join(', ')}</p>
        <PostForm action="/console/sign-out" csrf={viewer.csrf}>
          <button>Sign out</button>
        </PostForm>
      </div>
    </details>
  )
}
