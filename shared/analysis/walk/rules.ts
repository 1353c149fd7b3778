import type { SqlType } from '../../bigquery/sql-type.ts'
import type { FlowTree, Use } from '../lineage.ts'
import { cannotFailToCast } from './casts.ts'
import { allSources, computed, decidedBy, either, type Sources } from './flow.ts'
import { totalArguments } from './total-functions.ts'

/**
 * The judgements of the walker, apart from its way through the tree, so that a test can put a wrong one in
 * the place of each and see that it is caught.
 */
export interface WalkRules {
  /** A value computed of others. */
  readonly computed: typeof computed
  /** A value that is one of two. */
  readonly either: typeof either
  /** A value that is chosen by these sources. */
  readonly decidedBy: typeof decidedBy
  /** What a filter, a join, a group and so on depends on. */
  readonly usedSources: (flow: FlowTree, how: Use) => Sources
  /** Which arguments of a built-in function can make it fail: all but those of these positions. */
  readonly totalArguments: (name: string) => readonly number[] | 'all'
  readonly cannotFailToCast: (from: SqlType | undefined, to: SqlType | undefined) => boolean
  /** Whether an aggregate's result may be told as a count of one column. */
  readonly isCount: (name: string) => boolean
  /** What flows out of a table's column. */
  readonly columnFlow: (flow: FlowTree) => FlowTree
}

export const walkRules: WalkRules = {
  computed,
  either,
  decidedBy,
  usedSources: allSources,
  totalArguments,
  cannotFailToCast,
  isCount: (name) => ['count', 'countif', 'approx_count_distinct'].includes(name),
  columnFlow: (flow) => flow,
}
