import type { ReplayReport } from '../views/replay-view.ts'

/** What a verdict says, in a sentence. */
export const VERDICTS: Readonly<Record<ReplayReport['verdict'], string>> = {
  same: 'everything that was run is decided the same and gives the same rows, by their digests',
  different: 'something that was run is decided otherwise, or gives other rows',
  'not-known': 'nothing is known to differ, and not everything could be compared',
  'nothing-run': 'nothing was run',
}

/** Why a call was not run, or not to its end. */
export function whyNotRun(reason: string): string {
  return REASONS[reason] ?? reason.replaceAll('-', ' ')
}

const REASONS: Readonly<Record<string, string>> = {
  'refused-then': 'it was refused then',
  'not-a-query': 'it was no query',
  'dry-run': 'it was a dry run',
  replay: 'it was a replay itself',
  'not-run-then': 'it did not run then',
  erased: 'what was asked is erased',
  'not-understood': 'what was asked is not understood',
  denied: 'policy denies it now',
  'approval-needed': 'policy wants approval for it now, and nobody approves replays',
  'not-mapped': 'a table or routine of it has no place in the sandbox',
  'outside-sandbox': 'in the sandbox it would reach out of it',
  'denied-in-sandbox': 'a rule denies it by its names in the sandbox',
  'no-time-travel':
    'it reads a view, writes, or has a time of its own: it cannot be read as of then',
  'out-of-time': 'the replay had taken too long',
  interrupted: 'the record could not be reached: whether it ran, its own entries say',
}
