import type { LogHealth } from '../../views/overview-view.ts'
import { Badge, type Tone } from '../components/badge.tsx'
import { Facts } from '../components/facts.tsx'
import { Count } from '../components/quantities.tsx'
import { Time } from '../components/time.tsx'

/** How a log stands, and in words why it does not stand well. */
export function Health({ health }: { readonly health: LogHealth }) {
  const { state, problems, origin, treeSize, sealedAt, unsealed, oldestUnsealedAt } = health
  const [tone, words] = states[state]
  return (
    <>
      <p>
        <Badge tone={tone}>{words}</Badge>
      </p>
      {problems.length > 0 && (
        <ul class="plain-list">
          {problems.map((problem) => (
            <li>{problem}</li>
          ))}
        </ul>
      )}
      <Facts
        facts={[
          ['Origin', origin && <code>{origin}</code>],
          ['Leaves', treeSize !== undefined && <Count of={treeSize} />],
          ['Last sealed', sealedAt && <Time at={sealedAt} />],
          ['Not sealed yet', unsealed === undefined ? undefined : <Unsealed count={unsealed} />],
          ['Oldest of them', oldestUnsealedAt && <Time at={oldestUnsealedAt} />],
        ].flatMap(([name, value]) =>
          typeof name === 'string' && value !== undefined && value !== false
            ? [[name, value] as const]
            : [],
        )}
      />
    </>
  )
}

function Unsealed({ count }: { readonly count: number }) {
  return count >= 1_000 ? <>1,000 or more</> : <Count of={count} />
}

const states: Readonly<Record<LogHealth['state'], readonly [Tone, string]>> = {
  healthy: ['good', 'healthy'],
  behind: ['warn', 'behind'],
  broken: ['bad', 'cannot be relied on'],
  off: ['quiet', 'there is no log'],
}
