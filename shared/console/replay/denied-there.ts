import { callerFacts, type Caller } from '../../gateway/caller.ts'
import type { Statement } from '../../gateway/decide-statement.ts'
import type { Ports } from '../../gateway/ports.ts'
import { evaluate } from '../../policy/evaluate.ts'
import type { Moved } from './move-to-sandbox.ts'

/**
 * Whether a rule of the policy denies a statement by the names it has in the sandbox. That none permits it there is no
 * matter: what is permitted is decided by the names of the original. Rejects when the store cannot be reached.
 */
export async function isDeniedThere(
  ports: Pick<Ports, 'derivedTags'>,
  caller: Caller,
  statement: Statement,
  { analysis, estimatedBytes }: Moved,
): Promise<boolean> {
  const { tables, targets, touched } = analysis
  const derived = await ports.derivedTags.of([...tables, ...targets])
  const decision = evaluate(
    caller.policy,
    { ...callerFacts(caller), query: statement.facts({ analysis, estimatedBytes }) },
    touched && { ...touched, derived },
  )
  return decision.effect === 'deny' && DENIALS.has(decision.reason)
}

/** A rule said no, or might have. */
const DENIALS: ReadonlySet<string> = new Set(['denied-by-rule', 'condition-failed'])
