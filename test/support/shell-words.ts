/** A command as it is written, and its words without quotes. */
export interface ShellCommand {
  readonly text: string
  readonly words: readonly string[]
}

const TOKEN =
  /(#.*$)|(\|\||&&|\|)|(>>?\s*\S+)|((?:'[^']*'|"(?:\\.|[^"\\])*"|\$\([^)]*\)|[^\s'"|&#>]|(?<=\S)#)+)/g

/**
 * The commands of a line of shell: parted by `|`, `&&` and `||`, without comments and redirections. Enough for what documents show; what
 * is substituted stays as it is written.
 */
export function shellCommands(line: string): readonly ShellCommand[] {
  const commands: string[][] = [[]]
  for (const [, comment, separator, redirection, word] of line.matchAll(TOKEN)) {
    if (comment !== undefined) break
    if (separator !== undefined) commands.push([])
    else if (redirection === undefined && word !== undefined) commands.at(-1)?.push(word)
  }
  return commands
    .filter((words) => words.length > 0)
    .map((words) => ({ text: words.join(' '), words: words.map(unquoted) }))
}

function unquoted(word: string): string {
  return word.replaceAll(/'([^']*)'|"((?:\\.|[^"\\])*)"/g, (_, single?: string, double?: string) =>
    (single ?? double ?? '').replaceAll(/\\(["\\])/g, '$1'),
  )
}
