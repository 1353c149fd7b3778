/** A function as it is built. */
export interface BuiltFunction {
  readonly name: string
  /** Whether it looks at SQL: GoogleSQL is then deployed with it. */
  readonly analyzes: boolean
  /** Whether it serves pages: stylesheets and scripts are then deployed with it. */
  readonly hasPages: boolean
  /** Of the zip that is uploaded. */
  readonly budgetBytes: number
}

const MIB = 1024 * 1024

const looksAtSql = (name: string): BuiltFunction => ({
  name,
  analyzes: true,
  hasPages: false,
  budgetBytes: 60 * MIB,
})

const looksAtNone = (name: string): BuiltFunction => ({
  name,
  analyzes: false,
  hasPages: false,
  budgetBytes: 10 * MIB,
})

/** Every function there is. What is approved is analysed anew before it starts, by the resolver or the sweeper. */
export const functionList: readonly BuiltFunction[] = [
  looksAtSql('gateway'),
  { ...looksAtSql('console'), hasPages: true },
  looksAtSql('approval-resolver'),
  looksAtSql('sweeper'),
  looksAtNone('approval-notifier'),
  looksAtNone('log-publisher'),
  looksAtNone('reconciler'),
  looksAtNone('retainer'),
  looksAtNone('slack'),
]
