import type { Child } from 'hono/jsx'

/** A form that changes something. Every one carries the session's CSRF secret, or it is refused. */
export function PostForm({
  action,
  csrf,
  label,
  children,
  ...rest
}: {
  readonly action: string
  /** `viewer.csrf`. */
  readonly csrf: string
  /** For who cannot see what is around it. */
  readonly label?: string
  readonly class?: string
  readonly id?: string
  readonly children?: Child
}) {
  return (
    <form method="post" action={action} aria-label={label} {...rest}>
      <input type="hidden" name="csrf" value={csrf} />
      {children}
    </form>
  )
}
