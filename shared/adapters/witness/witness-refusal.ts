import { unreachable } from '../../kernel/unreachable.ts'

/** Why a witness did not cosign a checkpoint. */
export type WitnessProblem =
  /** It is down, slow, or busy. */
  | { readonly problem: 'witness-unavailable'; readonly detail: string }
  /** It cosigned a larger tree of this log already. */
  | { readonly problem: 'witness-ahead'; readonly size: number }
  /** To it the checkpoint does not continue what it cosigned at this size. */
  | { readonly problem: 'witness-other-tree'; readonly size: number }
  /** It will not hear of this log, or of these keys. */
  | { readonly problem: 'witness-refused'; readonly status: number }
  /** What it says is no answer, or not signed with its key. */
  | { readonly problem: 'witness-garbled'; readonly detail: string }
  /** The log has no proof from the size that it cosigned. */
  | { readonly problem: 'witness-proof-missing'; readonly size: number }

/** A checkpoint that a witness did not cosign. */
export interface WitnessRefusal {
  /** Name of its key. */
  readonly witness: string
  /** Leaves of the checkpoint. */
  readonly size: number
  readonly problem: WitnessProblem
}

/** Whether it speaks against the log, so that people have to look; the others pass, or are a matter of configuration. */
export function speaksAgainstLog({ problem }: WitnessRefusal): boolean {
  return problem.problem === 'witness-ahead' || problem.problem === 'witness-other-tree'
}

/** What happened, for people; of what a witness said it quotes numbers only. */
export function refusalText({ witness, size, problem }: WitnessRefusal): string {
  const who = `the witness \`${witness}\``
  switch (problem.problem) {
    case 'witness-unavailable':
      return `${who} did not cosign: ${problem.detail}`
    case 'witness-ahead':
      return `${who} has cosigned \`${problem.size}\` leaves, and the checkpoint has \`${size}\`: the log was rolled back, unless another sealer was faster`
    case 'witness-other-tree':
      return `${who} cosigned \`${problem.size}\` leaves, and the checkpoint of \`${size}\` does not continue them: the log was changed`
    case 'witness-refused':
      return `${who} ${REFUSED[problem.status] ?? 'refuses the checkpoint'}: status \`${problem.status}\``
    case 'witness-garbled':
      return `${who} did not cosign: ${problem.detail}`
    case 'witness-proof-missing':
      return `${who} has cosigned \`${problem.size}\` leaves, and the log has no proof from there`
    default:
      return unreachable(problem)
  }
}

/** C2SP tlog-witness, `add-checkpoint`. */
const REFUSED: Readonly<Record<number, string>> = {
  403: 'does not trust the keys of the log',
  404: 'does not know the log',
}
