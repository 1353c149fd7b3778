import type { Viewer } from '../console-env.ts'
import { type SectionId, sectionsFor } from '../sections.ts'
import { Icon } from './icon.tsx'

/** The parts of the console that somebody is led to. */
export function Navigation({
  viewer,
  section,
  label,
}: {
  readonly viewer: Viewer
  readonly section: SectionId | undefined
  readonly label: string
}) {
  return (
    <nav aria-label={label} class="sections">
      <ul>
        {sectionsFor(viewer.roles).map(({ id, name, href }) => (
          <li>
            <a href={href} aria-current={id === section ? 'page' : undefined}>
              <Icon name={id} />
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
