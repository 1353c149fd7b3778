import type { Child } from 'hono/jsx'

/** A part of a page under a heading of its own. */
export function Panel({
  title,
  id,
  aside,
  flush,
  children,
  ...rest
}: {
  readonly title: string
  /** For links to it. */
  readonly id?: string
  /** Beside the heading. */
  readonly aside?: Child
  /** Its content reaches the edges, as tables do. */
  readonly flush?: boolean
  readonly class?: string
  readonly children?: Child
}) {
  const name = id ?? title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  return (
    <section
      class={`panel${flush === true ? ' flush' : ''}${rest.class === undefined ? '' : ` ${rest.class}`}`}
      id={name}
      aria-labelledby={`${name}-title`}
    >
      <header>
        <h2 id={`${name}-title`}>{title}</h2>
        {aside && <div class="aside">{aside}</div>}
      </header>
      <div class="body">{children}</div>
    </section>
  )
}
