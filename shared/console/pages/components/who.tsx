import { visibleLine } from '../../../approval-desk/visible-text.ts'
import type { Person } from '../../views/wire.ts'
import { Icon } from './icon.tsx'
import { Plain } from './plain.tsx'

/** Somebody, and who acted for them. */
export function Who({ person }: { readonly person: Person | undefined }) {
  if (person === undefined) return <span class="muted">nobody who is known</span>
  const { email, subject, actors, issuer } = person
  return (
    <span class="who" title={visibleLine(`${subject} at ${issuer}`, 500)}>
      <Plain words={email ?? subject} />
      {actors.map((actor) => (
        <span class="via">
          <Icon name="agent" />
          <span class="unseen">by </span>
          <Plain words={actor.subject} />
        </span>
      ))}
    </span>
  )
}
