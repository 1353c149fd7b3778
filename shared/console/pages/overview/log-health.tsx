import type { LogHealth as Health } from '../../views/overview-view.ts'
import { Badge, type Tone } from '../components/badge.tsx'
import { Facts } from '../components/facts.tsx'
import { Panel } from '../components/panel.tsx'
import { Count } from '../components/quantities.tsx'
import { Time } from '../components/time.tsx'

const states: Readonly<Record<Health['state'], readonly [Tone, string]>> = {
  healthy: ['good', 'healthy'],
  behind: ['warn', 'behind'],
  broken: ['bad', 'broken'],
  off: ['quiet', 'no log is kept'],
}

/** How the log stands, in short. */
export function LogHealth({ log }: { readonly log: Health }) {
  const { state, problems, treeSize, sealedAt, unsealed, oldestUnsealedAt, witnesses } = log
  const [tone, words] = states[state]
  return (
    <Panel title="The log" id="log-health" aside={<a href="/console/log">Verify now</a>}>
      <p>
        <Badge tone={tone}>{words}</Badge>
      </p>
      {problems.map((problem) => (
        <p class={`note ${tone === 'bad' ? 'bad' : 'warn'}`}>{problem}</p>
      ))}
      <Facts
        facts={[
          ['Entries sealed', treeSize === undefined ? undefined : <Count of={treeSize} />],
          ['Last sealed', sealedAt === undefined ? undefined : <Time at={sealedAt} />],
          [
            'Waiting',
            unsealed === undefined ? undefined : (
              <>
                <Count of={unsealed} />
                {oldestUnsealedAt !== undefined && (
                  <>
                    {', the oldest since '}
                    <Time at={oldestUnsealedAt} />
                  </>
                )}
              </>
            ),
          ],
          [
            'Witnesses',
            witnesses === undefined
              ? undefined
              : witnesses.known === 0
                ? 'none are named'
                : `${witnesses.cosigned} of ${witnesses.known} cosigned; ${witnesses.quorum} have to`,
          ],
        ]}
      />
    </Panel>
  )
}
