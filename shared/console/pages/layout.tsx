import type { Child } from 'hono/jsx'

import { assetUrl } from '../assets/assets.ts'
import { Breadcrumbs, type Crumb } from './components/breadcrumbs.tsx'
import { Navigation } from './components/navigation.tsx'
import { TopBar } from './components/top-bar.tsx'
import type { Viewer } from './console-env.ts'
import type { SectionId } from './sections.ts'
import type { Theme } from './theme.ts'

/** What a page says of itself. */
export interface PageFacts {
  /** For tab and history, and as the heading unless `heading` is given. */
  readonly title: string
  readonly heading?: Child
  /** One line below the heading. */
  readonly lead?: Child
  /** Beside the heading: buttons, links. */
  readonly actions?: Child
  readonly section?: SectionId
  /** What is above this page, outermost first; the page itself is added. */
  readonly trail?: readonly Crumb[]
  /** What the search in the top bar holds. */
  readonly query?: string
  /** The page has a search of its own: then there is none in the top bar. */
  readonly hasSearch?: boolean
}

interface LayoutProps extends PageFacts {
  readonly viewer: Viewer | undefined
  readonly theme: Theme
  readonly children?: Child
}

/** The page around a page: works without scripts, and has none of its own but from this origin. */
export function Layout(props: LayoutProps) {
  const {
    title,
    heading,
    lead,
    actions,
    section,
    trail,
    viewer,
    theme,
    query,
    hasSearch,
    children,
  } = props
  return (
    <html lang="en" data-theme={theme}>
      <head>
        <meta charset="utf-8" />
        <title>{`${title} · Sluice`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content={theme === 'auto' ? 'light dark' : theme} />
        <link rel="icon" type="image/svg+xml" href={assetUrl('sluice.svg')} />
        <link rel="stylesheet" href={assetUrl('console.css')} />
        <script type="module" src={assetUrl('main.js')}></script>
      </head>
      <body>
        <a class="skip" href="#content">
          Skip to content
        </a>
        <TopBar
          viewer={viewer}
          section={section}
          query={hasSearch === true ? undefined : (query ?? '')}
          theme={theme}
        />
        <div class="frame">
          {viewer && (
            <aside class="side">
              <Navigation viewer={viewer} section={section} label="Sections" />
            </aside>
          )}
          <main id="content" tabindex={-1}>
            {trail && <Breadcrumbs trail={[...trail, { name: title }]} />}
            <header class="page-head">
              <div>
                <h1>{heading ?? title}</h1>
                {lead && <p class="lead">{lead}</p>}
              </div>
              {actions && <div class="actions">{actions}</div>}
            </header>
            {children}
          </main>
        </div>
      </body>
    </html>
  )
}
