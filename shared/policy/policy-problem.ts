/** One thing to put right in a policy file. */
export interface PolicyProblem {
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 code units. */
  readonly column: number
  /** Where in the document: `rules[2].effect`; empty for what concerns the text as a whole. */
  readonly path: string
  readonly message: string
}

/** One line per problem, as editors and terminals make links of: `policy.yaml:12:5: path: message`. */
export function formatProblems(problems: readonly PolicyProblem[], file: string): string {
  return problems
    .map(({ line, column, path, message }) =>
      [`${file}:${line}:${column}`, path, message].filter((part) => part !== '').join(': '),
    )
    .join('\n')
}

/** The steps from the root of a document to a value in it. */
export type Path = readonly (string | number)[]

/** `rules[2].effect`; keys that are no plain names in brackets and quotes. */
export function formatPath(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`
      if (!/^[\w-]+$/.test(step)) return `[${JSON.stringify(step)}]`
      return index === 0 ? step : `.${step}`
    })
    .join('')
}
