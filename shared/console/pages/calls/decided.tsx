import type { CallView } from '../../views/call-view.ts'
import { Code } from '../components/code.tsx'
import { Copyable } from '../components/copyable.tsx'
import { Facts } from '../components/facts.tsx'
import { Name } from '../components/name.tsx'
import { Plain } from '../components/plain.tsx'
import { Decision } from '../components/state-badges.tsx'
import { places } from '../places.ts'

/** What policy decided, and by which of its rules, as it was worded at the time. */
export function Decided({
  call: { summary, decision, matchedRules, policyDigest },
}: {
  readonly call: CallView
}) {
  return (
    <>
      <Facts
        facts={[
          ['Decision', <Decision decision={summary.decision} />],
          ['Problem', summary.problem && <Plain words={summary.problem} />],
          ['Reason', summary.reason && <Plain words={summary.reason} />],
          [
            'Policy',
            policyDigest && (
              <Copyable
                text={policyDigest}
                shown={policyDigest.slice(0, 12)}
                what="digest of the policy"
              />
            ),
          ],
        ]}
      />
      {matchedRules.length === 0 && (
        <p class="muted">No rule matched: what no rule permits is denied.</p>
      )}
      {matchedRules.map(({ id, text }) => (
        <div class="rule">
          <h3>
            Rule <Name name={id} href={places.search({ rule: id })} />
          </h3>
          {text === undefined ? (
            <p class="muted">Its wording is not on the record.</p>
          ) : (
            <Code code={text} language="yaml" what={`rule ${id}`} />
          )}
        </div>
      ))}
      {decision !== undefined && (
        <details>
          <summary>The decision as recorded</summary>
          <Code code={JSON.stringify(decision, undefined, 2)} language="json" what="decision" />
        </details>
      )}
    </>
  )
}
