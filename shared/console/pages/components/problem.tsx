import type { ApiProblem } from '../console-env.ts'
import { Icon } from './icon.tsx'

/** Why something cannot be shown, and what helps. */
export function Problem({ problem }: { readonly problem: ApiProblem }) {
  return (
    <div class="state bad" role="alert">
      <Icon name="warning" />
      <p class="title">{problem.message}</p>
      <p class="muted">{helps[problem.status] ?? 'Try again in a moment.'}</p>
    </div>
  )
}

const helps: Readonly<Record<number, string>> = {
  400: 'Change what you asked for.',
  403: 'Policy gives roles to groups; whoever edits policy can say which of yours has which. That you asked is on the record.',
  404: 'It may never have been there, or is not yours to know of.',
  409: 'It has changed in the meantime. Look at it again.',
}
