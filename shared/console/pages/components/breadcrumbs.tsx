/** A page above this one; without an address it is this one. */
export interface Crumb {
  readonly name: string
  readonly href?: string
}

/** The way here from the top. */
export function Breadcrumbs({ trail }: { readonly trail: readonly Crumb[] }) {
  return (
    <nav class="crumbs" aria-label="Breadcrumbs">
      <ol>
        {trail.map(({ name, href }) => (
          <li>
            {href === undefined ? (
              <span aria-current="page">{name}</span>
            ) : (
              <a href={href}>{name}</a>
            )}
          </li>
        ))}
      </ol>
    </nav>
  )
}
