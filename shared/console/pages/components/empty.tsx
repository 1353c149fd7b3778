import type { Child } from 'hono/jsx'

/** That there is nothing, and what to do about it. */
export function Empty({ title, children }: { readonly title: string; readonly children?: Child }) {
  return (
    <div class="state">
      <p class="title">{title}</p>
      {children && <div class="muted">{children}</div>}
    </div>
  )
}
