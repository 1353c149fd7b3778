import type { Decision } from '../../policy/decision.ts'
import { maskText } from '../../policy/mask-text.ts'

/** A decision in a line, for people: `permitted, with LAST_FOUR_CHARACTERS on ssn`. */
export function decisionWords(decision: Decision): string {
  switch (decision.effect) {
    case 'deny':
      return `denied: ${decision.reason}`
    case 'permit':
      return `permitted${masksIn(decision)}`
    case 'require-approval':
      return `held for ${decision.approvals.join(', ')}${masksIn(decision)}`
  }
}

function masksIn({ obligations }: Exclude<Decision, { effect: 'deny' }>): string {
  const masks = obligations.masks.map(({ name, mask }) => `${maskText(mask)} on ${name}`)
  return masks.length === 0 ? '' : `, with ${masks.join(', ')}`
}
