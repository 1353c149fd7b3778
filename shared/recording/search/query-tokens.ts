import { stepAbove, stepReachedBy } from './byte-steps.ts'
import { typedPerson } from './principal-tokens.ts'
import type { SearchFilter } from './search-filter.ts'
import { type TokenKind, decisionOutcomeToken, token } from './token.ts'
import { typedWords } from './words-of.ts'

/** Tokens that everything a filter selects has: at least one, none twice. Times, and bytes exactly, are not among them. */
export function queryTokens(filter: SearchFilter): readonly string[] {
  const tokens = new Set([
    ...(filter.principal ?? []).map((typed) => typedPerson('principal', typed)),
    ...(filter.approver ?? []).map((typed) => typedPerson('approver', typed)),
    ...SEVERAL.flatMap(([kind, member]) =>
      (filter[member] ?? []).map((value) => token(kind, value)),
    ),
    ...ONE.flatMap(([kind, member]) => {
      const value = filter[member]
      return value === undefined ? [] : [token(kind, value)]
    }),
    ...(filter.approval === undefined
      ? []
      : [token('approval', filter.approval.replaceAll('_', '-'))]),
    ...judgedTokens(filter),
    ...bytesTokens(filter),
    ...typedWords(filter.text ?? '').map((word) => token('word', word)),
  ])
  return tokens.size === 0 ? [token('is', 'call')] : [...tokens]
}

const SEVERAL = [
  ['group', 'group'],
  ['client', 'client'],
  ['claim', 'claim'],
  ['table', 'table'],
  ['column', 'column'],
  ['masked', 'maskedColumn'],
  ['filtered', 'filterColumn'],
  ['tag', 'tag'],
  ['rule', 'rule'],
  ['flag', 'flag'],
] as const satisfies readonly (readonly [TokenKind, keyof SearchFilter])[]

const ONE = [
  ['session', 'session'],
  ['statement', 'statementType'],
  ['problem', 'problem'],
  ['job', 'job'],
  ['fingerprint', 'fingerprint'],
  ['replay-of', 'replayOf'],
] as const satisfies readonly (readonly [TokenKind, keyof SearchFilter])[]

function judgedTokens({ decision, outcome }: SearchFilter): readonly string[] {
  if (decision !== undefined && outcome !== undefined)
    return [decisionOutcomeToken(decision, outcome)]
  return [
    ...(decision === undefined ? [] : [token('decision', decision)]),
    ...(outcome === undefined ? [] : [token('outcome', outcome)]),
  ]
}

function bytesTokens({ minBytes, maxBytes }: SearchFilter): readonly string[] {
  const below = maxBytes === undefined ? undefined : stepAbove(maxBytes)
  return [
    ...(minBytes === undefined ? [] : [token('at-least', String(stepReachedBy(minBytes)))]),
    // Whoever asks for at most so many bytes asks for calls of which they are known.
    ...(maxBytes === undefined
      ? []
      : [below === undefined ? token('at-least', '0') : token('below', String(below))]),
  ]
}
