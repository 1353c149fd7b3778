import type { LogView } from '../../views/log-view.ts'
import { Badge } from '../components/badge.tsx'
import { Plain } from '../components/plain.tsx'

/** Who vouches that the log only grows, and who did for the checkpoint that is published. */
export function Witnesses({
  witnesses,
  quorum,
}: Pick<LogView, 'witnesses'> & { readonly quorum: number }) {
  if (witnesses.length === 0)
    return (
      <p class="muted">
        Policy names none. Without one, a second history that the log's own keys sign is not noticed
        by looking at it alone.
      </p>
    )
  return (
    <>
      <ul class="plain-list">
        {witnesses.map(({ url, cosigned }) => (
          <li>
            <Badge tone={cosigned ? 'good' : 'warn'}>
              {cosigned ? 'cosigned' : 'did not cosign'}
            </Badge>{' '}
            <Plain words={url} />
          </li>
        ))}
      </ul>
      <p class="muted">{`Policy wants ${quorum} of ${witnesses.length}.`}</p>
    </>
  )
}
