import type { Refusal } from '../../gateway/refusal.ts'

/** Why a call is not compared. */
export type NotCompared =
  | 'refused-undecided'
  | 'no-project'
  | 'no-connection'
  | 'erased'
  | 'gone'
  | 'not-analysed'
  | 'not-understood'
  | 'not-in-catalog'
  | 'no-estimate'
  | 'unknown-columns'
  | 'unanswered'

/** The same for people. */
export const notComparedWords: Readonly<Record<NotCompared, string>> = {
  'refused-undecided': 'it was refused before any policy decided',
  'no-project': 'it names no project',
  'no-connection':
    'no connection in force has its project, so that nobody can be asked for schemas',
  erased: 'what was asked is erased',
  gone: 'it is no longer on the record',
  'not-analysed': 'it was refused before it was analysed',
  'not-understood': 'it is not understood any more, such as by changed schemas',
  'not-in-catalog': 'a table or routine in it is not there any more',
  'no-estimate': 'the policy asks what it would read, and that is not on the record',
  'unknown-columns':
    'rows were read without SQL: which columns is not on the record, and some would be masked',
  unanswered: 'BigQuery or the analyzer could not be asked',
}

/** Why there is no decision. */
export function reasonOf({ problem }: Refusal): NotCompared {
  if (problem === 'not-found' || problem === 'not-in-catalog') return 'not-in-catalog'
  return UNANSWERED.has(problem) ? 'unanswered' : 'not-understood'
}

const UNANSWERED: ReadonlySet<Refusal['problem']> = new Set([
  'questions-unanswered',
  'record-unavailable',
  'analyzer-unavailable',
])
