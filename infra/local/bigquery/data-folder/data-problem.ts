/** Something in the data folder that cannot be read. The message names the file, the line and the remedy. */
export class DataProblem extends Error {
  override readonly name = 'DataProblem'

  constructor(file: string, line: number, problem: string) {
    super(`${file}:${line}: ${problem}`)
  }
}

/** The line, from 1, where `pattern` first matches in `text`; 1 when it does not. */
export function lineOf(text: string, pattern: RegExp): number {
  const at = text.search(pattern)
  return at === -1 ? 1 : text.slice(0, at).split('\n').length
}
